// The clock: it asks the server for the next moment each time one has come, and so owns the pace.

import { Lost, Refused } from "../ask/connection.js";
import { after, before } from "../base/time.js";
import { createFullSpeed } from "./full_speed.js";
import { furtherThan, intervalOf, pace, requestsFor, unitsOf } from "./pace.js";
import { createPursuit } from "./pursuit.js";
import { NOT_FINITE, stopsOf } from "./stops.js";

/** @import { Moment } from "../ask/frame.js" */
/** @import { Until } from "../ask/messages.d.ts" */
/** @import { Store } from "../base/types.js" */

/** Conditions as a seek takes them. @param {Until[]} conditions */
const orNone = (conditions) => (conditions.length ? conditions : undefined);

/**
 * A goal with these conditions, if there are any, besides those that training stops at: at these `halt(moment)` is
 * called. `ended(moment)` hears where it ended otherwise, and of NaN and infinity.
 */
const goalOf = (stops, conditions, halt, ended) => ({
  until: orNone([...stops, ...conditions]),
  ended(/** @type {Moment} */ moment) {
    const { until, condition } = moment.frame;
    const isGoal = !until || conditions.some((each) => JSON.stringify(each) === JSON.stringify(condition));
    if (!isGoal) halt(moment);
    if (isGoal || until === NOT_FINITE.name) ended(moment);
  },
});

/**
 * Show where a condition is true, or at NaN or infinity where training stopped, and leave it to those who tell the person
 * about it. `stop()` ends all motion.
 */
function stopAt(store, moments, stop, moment) {
  const { until: name, condition } = moment.frame;
  const isCondition = name !== null && name !== NOT_FINITE.name;
  if (isCondition) moments.show(moment, 0);
  stop();
  store.set(isCondition ? { stopped: { t: moment.t, condition } } : { halted: moment.t });
}

/** Wait until the interval since a moment has passed, or that of another speed that is set meanwhile, while it `goes()`. */
async function passed(store, began, interval, goes) {
  while (goes() && performance.now() - began < intervalOf(store.get().speed) - 4) {
    await store.life.pause(Math.min(50, Math.max(1, began + interval - performance.now())));
  }
}

/** The steps that go on from where the run is, or will be. */
function stepsOf(store, pursuit, { now, seek, goOn }) {
  const there = () => store.get().wanted ?? now();
  const here = () => (pursuit.isConditional() ? now() : there()); // a target stands while there is no line, and those after it go on from it
  return {
    step: (grain) => seek(after(store.get().listing, grain, here()), 420),
    stepBack: (grain) => here() > 0 && seek(before(store.get().listing, grain, here()), 200),
    /** Fetch what is shown once more, or go on to the target. */
    refresh: () => goOn(there()),
  };
}

/**
 * `moments.fetch(t, seconds, until)` resolves to a moment, the one at which the condition `until` is first true if that
 * comes before t; `moments.show(moment, gesture)` shows it, with milliseconds for its gesture; `rate()` tells how many
 * moments a second are to be shown at full speed; `refuse(error)` shows why there is no moment.
 *
 * @param {Store} store
 * @param {{fetch: (t: number, seconds?: number, until?: Until | Until[]) => Promise<Moment>,
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

  /**
   * Go to t, or to where one of these conditions is first true on the way; at NaN or infinity it stops as playing does.
   * `ended(moment)` hears where it ended.
   */
  function runTo(t, conditions, ended) {
    run += 1;
    return pursuit.seek(t, 0, goalOf(until(), conditions, halt, ended));
  }

  /** Go to t, and where that is what is sought already, as it is sought. */
  function goOn(t) {
    run += 1;
    return pursuit.goOn(t);
  }

  const until = () => stopsOf(store.get());

  const halt = (/** @type {Moment} */ moment) => stopAt(store, moments, stop, moment);

  async function playFull(mine) {
    while (mine === run && pace(store.get().speed) === Infinity) {
      const frame = 1000 / rate();
      const further = furtherThan(store.get().listing, fullSpeed.reached());
      const moment = await moments.fetch(further, fullSpeed.seconds(frame), orNone(until()));
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
    const { trouble } = store.get();
    const moment = await moments.fetch(after(listing, grain, now(), unitsOf(speed)), undefined, orNone(until()));
    if (mine !== run) return;
    if (moment.frame.until || (!trouble && moment.trouble())) {
      halt(moment);
      return;
    }
    moments.show(moment, interval * 0.75);
    await store.life.painted();
    await passed(store, began, interval, () => mine === run);
  }

  async function play() {
    const mine = ++run;
    pursuit.giveUp();
    fullSpeed.begin();
    store.set({ playing: true, wanted: null, halted: null, stopped: null });
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

  const steps = stepsOf(store, pursuit, { now, seek, goOn });
  return { seek, runTo, goOn, play, stop, ...steps, seeks: pursuit.seeks };
}
