// Waiting.

/**
 * Resolves after so many milliseconds.
 *
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
