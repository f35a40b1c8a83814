// The clock: it asks the server for the next moment each time one has come, and so owns the pace.

import { Lost, Refused } from "../ask/connection.js";
import { after, before } from "../base/time.js";
import { createFullSpeed } from "./full_speed.js";
import { furtherThan, intervalOf, pace, requestsFor, unitsOf } from "./pace.js";
import { createPursuit } from "./pursuit.js";

/** @import { Moment } from "../ask/frame.js" */
/** @import { Store } from "../base/types.js" */

/** @type {import("../ask/messages.d.ts").Until} */
const NOT_FINITE = { name: "not_finite" }; // NaN or infinity, before which training stops by itself

/**
 * `moments.fetch(t, seconds, until)` resolves to a moment, the one at which the condition `until` is first true if that
 * comes before t; `moments.show(moment, gesture)` shows it, with milliseconds for its gesture; `rate()` tells how many
 * moments a second are to be shown at full speed; `refuse(error)` shows why there is no moment.
 *
 * @param {Store} store
 * @param {{fetch: (t: number, seconds?: number, until?: {name: string}) => Promise<Moment>,
 *   show: (moment: Moment, gesture: number) => void}} moments
 * @param {() => number} rate
 * @param {(error: Error) => void} refuse
 */
export function createClock(store, moments, rate, refuse) {
  let run = 0; // answers to the questions of an earlier run are let go

  async function guard(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof Refused)) throw error;
      stop();
      refuse(error);
    }
  }

  const now = () => store.get().moment?.t ?? 0;
  const pursuit = createPursuit(store, moments, guard);
  const fullSpeed = createFullSpeed(store, (moment) => moments.show(moment, 0), now);

  /** Go to t, showing each moment that is reached on the way. */
  function seek(t, gesture = 0) {
    run += 1;
    return pursuit.seek(t, gesture);
  }

  /** What playing stops at, until a person has been told of it and goes on. */
  const until = () => (store.get().trouble ? undefined : NOT_FINITE);

  /** Stop at NaN or infinity, and leave it to those who tell the person about it. */
  function halt(moment) {
    stop();
    store.set({ halted: moment.t });
  }

  async function playFull(mine) {
    while (mine === run && pace(store.get().speed) === Infinity) {
      const frame = 1000 / rate();
      const further = furtherThan(store.get().listing, fullSpeed.reached());
      const moment = await moments.fetch(further, fullSpeed.seconds(frame), until());
      if (mine !== run) return;
      if (moment.frame.until) {
        halt(moment);
        return;
      }
      fullSpeed.take(moment, frame, () => mine === run);
    }
  }

  async function playPaced(mine) {
    const { listing, grain, speed } = store.get();
    const began = performance.now();
    const interval = intervalOf(speed);
    const sought = until();
    const moment = await moments.fetch(after(listing, grain, now(), unitsOf(speed)), undefined, sought);
    if (mine !== run) return;
    if (moment.frame.until || (sought && moment.trouble())) {
      halt(moment);
      return;
    }
    moments.show(moment, interval * 0.75);
    await store.life.painted();
    while (mine === run && performance.now() - began < intervalOf(store.get().speed) - 4) {
      await store.life.pause(Math.min(50, Math.max(1, began + interval - performance.now())));
    }
  }

  async function play() {
    const mine = ++run;
    pursuit.giveUp();
    fullSpeed.begin();
    store.set({ playing: true, wanted: null, halted: null });
    await guard(async () => {
      while (mine === run) {
        const length = requestsFor(rate());
        if (pace(store.get().speed) === Infinity) await Promise.all(Array.from({ length }, () => playFull(mine)));
        else await playPaced(mine);
      }
    });
  }

  function stop() {
    run += 1;
    pursuit.giveUp();
    store.set({ playing: false, wanted: null });
  }

  const here = () => pursuit.sought() ?? now();
  const step = (grain) => seek(after(store.get().listing, grain, here()), 420);
  const stepBack = (grain) => here() > 0 && seek(before(store.get().listing, grain, here()), 200);
  return { seek, play, stop, step, stepBack };
}
