// Where a reader is in the lessons: a lesson's name and a step, as a link holds them.

/** @typedef {{name: string, step: number}} Place a step counts from 1 */

/**
 * The place that a link holds, such as "tour.3"; null for the list of lessons.
 *
 * @param {string} linked
 * @returns {Place | null}
 */
export function placeOf(linked) {
  const [, name, step] = linked.match(/^(.+)\.(\d{1,4})$/) ?? [];
  return name ? { name, step: Number(step) } : null;
}

/** @param {Place} place */
export const linkOf = ({ name, step }) => `${name}.${step}`;

/**
 * The numbers of the steps that are read: of all, or of those that ask for a prediction, where there are such.
 *
 * @param {{predict: object | null}[]} steps
 * @param {boolean} questionsAlone
 */
export function readOf(steps, questionsAlone) {
  const all = steps.map((_, i) => i + 1);
  const asking = all.filter((step) => steps[step - 1].predict);
  return questionsAlone && asking.length ? asking : all;
}

/**
 * A step that is read for one that is asked for: itself, the next that is, or the last.
 *
 * @param {number[]} read
 * @param {number} step
 */
export const nearest = (read, step) => read.find((each) => each >= step) ?? read.at(-1) ?? 1;
