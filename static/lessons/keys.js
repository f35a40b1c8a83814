// The steps of a lesson by keys: the page keys, which a presenter's remote control sends; with the projector also the arrows
// up and down. Those to the right and the left step the run.

import { placeOf } from "./place.js";

const KEYS_OF_OTHERS = "input, select, textarea, [contenteditable], dialog";
const PAGES = { PageDown: 1, PageUp: -1 };
const LINES = { ArrowDown: 1, ArrowUp: -1 };

/** Hear of the keys that `keys` hears of; `turn(by)` goes so many steps on. */
export function turnByKeys(keys, store, turn) {
  store.life.listen(keys, "keydown", (event) => {
    const { key, target, defaultPrevented, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (defaultPrevented || shiftKey || ctrlKey || metaKey || altKey) return;
    const { lesson, projector } = store.get();
    const way = PAGES[key] ?? (projector ? LINES[key] : undefined);
    if (!way || !placeOf(lesson ?? "")) return;
    if (target instanceof Element && target.closest(KEYS_OF_OTHERS)) return;
    event.preventDefault();
    turn(way);
  });
}
