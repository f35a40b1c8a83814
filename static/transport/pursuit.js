// The pursuit of a moment: each moment on the way there is shown, and a newer target takes the place of the one before.

/** @import { Moment } from "../ask/frame.js" */
/** @import { Until } from "../ask/messages.d.ts" */
/** @import { Store } from "../base/types.js" */

/**
 * A target: the moment t, or before it the one at which one of the conditions `until` is first true. `ended` hears of the
 * moment that the target has led to, before anything else is sought.
 *
 * @typedef {{until?: Until[], ended?: (moment: Moment) => void}} Goal
 * @typedef {Goal & {t: number, gesture: number, anew?: boolean}} Target
 */

/**
 * `moments` fetches and shows moments; `guard(work)` does the work and tells a person why it fails. `seeks()` tells
 * whether a moment is being sought.
 *
 * @param {Store} store
 * @param {{fetch: (t: number, seconds?: number, until?: Until[]) => Promise<Moment>, show: (moment: Moment, gesture: number) => void}} moments
 * @param {(work: () => Promise<void>) => Promise<void>} guard
 */
export function createPursuit(store, moments, guard) {
  /** @type {Target | null} */
  let target = null; // what is being sought; a newer one takes its place, null gives up
  /** @type {Target | null} */
  let kept = null; // the same, also while the line is lost
  let pursuit = null; // the promise of the pursuit that is under way
  let stops = 0; // how often a pursuit has been given up

  async function pursue() {
    try {
      while (target) {
        const [goal, mine] = [target, stops];
        if (goal.anew) await moments.fetch(store.get().moment.t); // from where its conditions are tested
        const moment = await moments.fetch(goal.t, undefined, goal.until);
        goal.anew = false;
        if (stops !== mine) continue; // there may be another target by now
        const there = target === goal && (moment.t === goal.t || moment.frame.until !== null);
        if (there) target = kept = null; // before it is shown: whoever hears of that may seek further
        moments.show(moment, there ? goal.gesture : 0);
        if (there) goal.ended?.(moment);
      }
    } finally {
      target = pursuit = null;
    }
    store.set({ wanted: null });
  }

  /** @param {Target} goal */
  function follow(goal) {
    target = kept = goal;
    store.set({ playing: false, wanted: goal.t });
    pursuit ??= guard(pursue);
    return pursuit;
  }

  return {
    seeks: () => target !== null,

    /** Whether what is sought is not the moment itself, but where a condition is true. */
    isConditional: () => Boolean(kept?.until),

    /**
     * Go to t, showing each moment that is reached on the way.
     *
     * @param {number} t
     * @param {number} [gesture]
     * @param {Goal} [goal]
     */
    seek: (t, gesture = 0, goal = {}) => follow({ ...goal, t, gesture }),

    /**
     * Go to t, and where that is what is sought already, as it is sought.
     *
     * @param {number} t
     */
    goOn: (t) => follow(kept?.t === t ? { ...kept, anew: Boolean(kept.until) } : { t, gesture: 0 }),

    giveUp() {
      stops += 1;
      target = kept = null;
    },
  };
}
