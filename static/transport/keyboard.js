// The transport by keyboard: space plays and pauses, the arrows step, unless the keys belong to what has the focus.

import { watchFocus } from "../base/reached.js";

const KEYS_OF_OTHERS = "input, select, textarea, [contenteditable], dialog";
const KEEPING_SPACE = "input:not([type=range]), select, textarea, [contenteditable], dialog";

/** Hear of the keys that `keys` hears of; `step(unit)` and `stepBack(unit)` take the unit that a person steps by. */
export function listenToKeys(keys, page, store, { toggle, step, stepBack }) {
  const reachedByKeys = watchFocus(page, store.life);
  let taken = false; // whether the space key that is down has been taken for play and pause

  /** Whether the space key belongs to what has the focus: a field, or a button that was reached by keys. */
  function keepsSpace(element) {
    return Boolean(element?.closest(KEEPING_SPACE)) || reachedByKeys(element?.closest("button, a, summary"));
  }

  store.life.listen(keys, "keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? event.target : null;
    const typing = at?.closest(KEYS_OF_OTHERS);
    const unit = event.shiftKey ? "training_step" : store.get().grain;
    if (event.key === " " && !keepsSpace(at)) {
      taken = true;
      if (!event.repeat) toggle();
    } else if (event.key === "ArrowRight" && !typing) step(unit);
    else if (event.key === "ArrowLeft" && !typing) stepBack(unit);
    else return;
    event.preventDefault();
  });
  store.life.listen(keys, "keyup", (event) => {
    if (event.key !== " " || !taken) return;
    taken = false;
    event.preventDefault(); // some browsers press a button only now
  });
}
