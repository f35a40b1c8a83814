// The transport by keyboard: space plays and pauses, the arrows step, F forks, unless the keys belong to what has the focus, or the
// run is held. With the projector the page keys step too, which a presenter's remote control sends, unless they turn the
// steps of a lesson.

import { watchFocus } from "../base/reached.js";
import { takesLetters } from "../base/typing.js";

const KEYS_OF_OTHERS = "input, select, textarea, [contenteditable], dialog";
const ARROWS = { ArrowRight: 1, ArrowLeft: -1 };
const PAGES = { PageDown: 1, PageUp: -1 };

/** Hear of the keys that `keys` hears of; `step(unit)` and `stepBack(unit)` take the unit that a person steps by; `fork()` forks. */
export function listenToKeys(keys, page, store, { toggle, step, stepBack, fork }) {
  const reachedByKeys = watchFocus(page, store.life);
  let taken = false; // whether the space key that is down has been taken for play and pause

  /** Whether the space key belongs to what has the focus: a field, or a button that was reached by keys. */
  function keepsSpace(element) {
    return takesLetters(element) || reachedByKeys(element?.closest("button, a, summary"));
  }

  store.life.listen(keys, "keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? event.target : null;
    const typing = at?.closest(KEYS_OF_OTHERS);
    const { grain, projector, lesson, held } = store.get();
    if (held) return;
    const unit = event.shiftKey ? "training_step" : grain;
    const way = typing ? undefined : (ARROWS[event.key] ?? (projector && !lesson ? PAGES[event.key] : undefined));
    if (event.key === " " && !keepsSpace(at)) {
      taken = true;
      if (!event.repeat) toggle();
    } else if (way === 1) step(unit);
    else if (way === -1) stepBack(unit);
    else if (event.key === "f" && !takesLetters(at)) fork();
    else return;
    event.preventDefault();
  });
  store.life.listen(keys, "keyup", (event) => {
    if (event.key !== " " || !taken) return;
    taken = false;
    event.preventDefault(); // some browsers press a button only now
  });
}
