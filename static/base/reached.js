// Whether the focus came by keys: a button that a pointer has pressed leaves the space key to the page.

const NEUTRAL = new Set([" ", "Alt", "Control", "Meta", "Shift"]); // keys that take the focus nowhere

/** Watch how the focus comes about in a page, while a life lasts. Returns what tells whether keys reached an element. */
export function watchFocus(page, life) {
  let keys = true; // whether keys were used last, and no pointer
  let reached = null;
  const pressed = () => {
    keys = false;
    reached = null;
  };
  const typed = ({ key }) => {
    if (!NEUTRAL.has(key)) keys = true;
  };
  life.listen(page, "pointerdown", pressed, true);
  life.listen(page, "keydown", typed, true);
  life.listen(page, "focusin", ({ target }) => {
    reached = keys ? target : null;
  });
  return (element) => Boolean(element) && element === reached;
}
