// Motion between two true frames: how far along a gesture is.

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Whether a gesture of so many milliseconds should be shown at all.
 *
 * @param {number} milliseconds
 */
export const moves = (milliseconds) => milliseconds >= 90 && !reduced.matches;

/**
 * Ease in and out, 0 to 1.
 *
 * @param {number} share
 */
export const ease = (share) => share * share * (3 - 2 * share);

/**
 * Between two numbers; the second where the first is not there.
 *
 * @param {number | undefined} from
 * @param {number} to
 * @param {number} share
 * @returns {number}
 */
export const between = (from, to, share) =>
  from !== undefined && Number.isFinite(from) ? from + (to - from) * share : to;
