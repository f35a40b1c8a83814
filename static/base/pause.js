// Waiting.

/** Resolves after so many milliseconds. */
export const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
