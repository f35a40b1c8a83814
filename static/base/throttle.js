// Texts change more slowly than drawings: nobody reads sixty texts a second.

/** @import { Store } from "./types.js" */

const WAIT = 100; // milliseconds between two writings while it plays

/**
 * The work, to be called whenever it is due: done at once, but while it plays ten times a second and once more at rest.
 *
 * @param {Store} store
 * @param {(state: any) => void} work
 * @returns {() => void}
 */
export function throttled(store, work) {
  let last = -Infinity;
  /** @type {number | null} */
  let timer = null;
  function now() {
    store.life.cancel(timer);
    timer = null;
    last = performance.now();
    work(store.get());
  }
  store.on(["playing"], () => timer && now());
  return () => {
    const wait = store.get().playing ? last + WAIT - performance.now() : 0;
    if (wait <= 0) now();
    else timer ??= store.life.later(now, wait);
  };
}
