// Whether the focus came by keys: a button that a pointer has pressed leaves the space key to the page.

/** @import { Life } from "./types.js" */

const NEUTRAL = new Set([" ", "Alt", "Control", "Meta", "Shift"]); // keys that take the focus nowhere

/**
 * Watch how the focus comes about in a page, while a life lasts. Returns what tells whether keys reached an element.
 *
 * @param {EventTarget} page
 * @param {Life} life
 */
export function watchFocus(page, life) {
  let keys = true; // whether keys were used last, and no pointer
  /** @type {EventTarget | null} */
  let reached = null;
  const pressed = () => {
    keys = false;
    reached = null;
  };
  const typed = (/** @type {KeyboardEvent} */ { key }) => {
    if (!NEUTRAL.has(key)) keys = true;
  };
  life.listen(page, "pointerdown", pressed, true);
  life.listen(page, "keydown", typed, true);
  life.listen(page, "focusin", (/** @type {FocusEvent} */ { target }) => {
    reached = keys ? target : null;
  });
  return (/** @type {Element | null} */ element) => Boolean(element) && element === reached;
}
