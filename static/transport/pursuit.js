// The pursuit of a moment: each moment on the way there is shown, and a newer wish takes the place of the one before.

/** @import { Moment } from "../ask/frame.js" */
/** @import { Store } from "../base/types.js" */

/**
 * `moments` fetches and shows moments; `guard(work)` does the work and tells a person why it fails. `sought()` is the
 * moment that is being sought, or undefined.
 *
 * @param {Store} store
 * @param {{fetch: (t: number) => Promise<Moment>, show: (moment: Moment, gesture: number) => void}} moments
 * @param {(work: () => Promise<void>) => Promise<void>} guard
 */
export function createPursuit(store, moments, guard) {
  /** @type {{t: number, gesture: number} | null} */
  let target = null; // the moment that is being sought; a newer wish takes its place, null gives up
  let pursuit = null; // the promise of the pursuit that is under way
  let stops = 0; // how often a pursuit has been given up

  async function pursue() {
    try {
      while (target) {
        const [wish, mine] = [target, stops];
        const moment = await moments.fetch(wish.t);
        if (stops !== mine) continue; // there may be another wish by now
        const there = target === wish && moment.t === wish.t;
        if (there) target = null; // before it is shown: whoever hears of that may wish for more
        moments.show(moment, there ? wish.gesture : 0);
      }
    } finally {
      target = pursuit = null;
    }
    store.set({ wanted: null });
  }

  return {
    sought: () => target?.t,

    /** Go to t, showing each moment that is reached on the way. */
    seek(t, gesture = 0) {
      target = { t, gesture };
      store.set({ playing: false, wanted: t });
      pursuit ??= guard(pursue);
      return pursuit;
    },

    giveUp() {
      stops += 1;
      target = null;
    },
  };
}
