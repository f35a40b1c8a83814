// Whether letters and the space key belong to what has the focus.

const TAKING_LETTERS = "input:not([type=range]), select, textarea, [contenteditable], dialog";

/**
 * Whether an element, or what it is in, takes the letters that are typed.
 *
 * @param {EventTarget | null} element
 */
export const takesLetters = (element) => element instanceof Element && element.closest(TAKING_LETTERS) !== null;
