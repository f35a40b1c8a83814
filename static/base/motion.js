// Motion between two true frames: how far along a gesture is.

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether a gesture of so many milliseconds should be shown at all. */
export const moves = (milliseconds) => milliseconds >= 90 && !reduced.matches;

/** Ease in and out, 0 to 1. */
export const ease = (share) => share * share * (3 - 2 * share);

/** Between two numbers; the second where the first is not there. */
export const between = (from, to, share) => (Number.isFinite(from) ? from + (to - from) * share : to);
