// Where a writer is: a draft and its step, as a link of lessons holds them. No lesson has a name that begins so.

const SIGN = "+";

/** @typedef {{id: string, step: number}} Place a step counts from 1 */

/**
 * The place that a link holds, such as "+draft-1.3"; null for any other.
 *
 * @param {string} linked
 * @returns {Place | null}
 */
export function placeOf(linked) {
  const [, id, step] = linked.match(/^\+(.+)\.(\d{1,4})$/) ?? [];
  return id ? { id, step: Number(step) } : null;
}

/** @param {Place} place */
export const linkOf = ({ id, step }) => `${SIGN}${id}.${step}`;
