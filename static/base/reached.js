// Whether the focus came by keys: a button that a pointer has pressed leaves the space key to the page.

const NEUTRAL = new Set([" ", "Alt", "Control", "Meta", "Shift"]); // keys that take the focus nowhere

/** Watch how the focus comes about. Returns a function that tells whether an element was reached by keys. */
export function watchFocus() {
  let keys = true; // whether keys were used last, and no pointer
  let reached = null;
  addEventListener(
    "pointerdown",
    () => {
      keys = false;
      reached = null;
    },
    true,
  );
  addEventListener(
    "keydown",
    ({ key }) => {
      if (!NEUTRAL.has(key)) keys = true;
    },
    true,
  );
  addEventListener("focusin", ({ target }) => {
    reached = keys ? target : null;
  });
  return (element) => Boolean(element) && element === reached;
}
