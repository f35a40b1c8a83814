// The clock: it asks the server for the next moment each time one has come, and so owns the pace.

import { Lost, Refused } from "../ask/connection.js";
import { after, before } from "../base/time.js";

const FRAME = 1000 / 60;
const STRIDE = 1.2;
const UNDER_WAY = 60; // milliseconds of training asked for at once at full speed, so that the server never idles
const FULL_SPEED = 100;
/** @type {import("../ask/messages.d.ts").Until} */
const NOT_FINITE = { name: "not_finite" }; // NaN or infinity, before which training stops by itself
const [SHORTEST, LONGEST] = [0.6, 0.92]; // of a frame at full speed, what the server trains

/** How fast a speed setting from 0 to 100 goes: units of the grain a second; Infinity at 100. */
export function pace(speed) {
  return speed >= FULL_SPEED ? Infinity : 0.5 * 8000 ** (speed / (FULL_SPEED - 1));
}

/**
 * `fetch(t, seconds, until)` resolves to a moment, the one at which the condition `until` is first true if that comes
 * before t; `show(moment, gesture)` shows it, with milliseconds for its gesture;
 * `rate()` tells how many moments a second are to be shown at full speed; `refuse(error)` shows why there is no moment.
 */
export function createClock(store, fetch, show, rate, refuse) {
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
  let target = null; // the moment that is being sought; a newer wish takes its place, null gives up
  let pursuit = null; // the promise of the pursuit that is under way
  let stops = 0; // how often a pursuit has been given up

  async function pursue() {
    try {
      while (target) {
        const [wish, mine] = [target, stops];
        const moment = await fetch(wish.t);
        if (stops !== mine) continue; // there may be another wish by now
        const there = target === wish && moment.t === wish.t;
        if (there) target = null; // before it is shown: whoever hears of that may wish for more
        show(moment, there ? wish.gesture : 0);
      }
    } finally {
      target = pursuit = null;
    }
    store.set({ wanted: null });
  }

  /** Go to t, showing each moment that is reached on the way. */
  function seek(t, gesture = 0) {
    run += 1;
    target = { t, gesture };
    store.set({ playing: false, wanted: t });
    pursuit ??= guard(pursue);
    return pursuit;
  }

  let part = LONGEST; // of each frame, what the server trains
  let answered = 0;
  let newest = null; // at full speed the moment that came last ...
  let resting = false; // ... which waits while another is being painted

  /** Train for as much of each frame as leaves the wanted number of them a second. */
  function adapt(frame) {
    const interval = performance.now() - answered;
    answered += interval;
    if (interval < 200) part = Math.min(LONGEST, Math.max(SHORTEST, part + ((frame - interval) / frame) * 0.02));
  }

  /** As far as a frame at full speed may go: ever larger strides, so that a run's quick beginning can be seen. */
  function further() {
    const { listing } = store.get();
    return after(listing, "training_step", Math.ceil(Math.max(now(), newest?.t ?? 0) * STRIDE));
  }

  /** Show the newest moment; those that come faster than they can be painted are never shown. */
  function release(mine) {
    if (mine !== run || resting || newest.t <= now()) return;
    show(newest, 0);
    resting = true;
    store.life.frame(() =>
      store.life.later(() => {
        resting = false;
        release(mine);
      }),
    );
  }

  /** What playing stops at, until a person has been told of it and goes on. */
  const until = () => (store.get().trouble ? undefined : NOT_FINITE);

  /** Stop where numbers are none any more, and leave it to those who tell the person about it. */
  function halt(moment) {
    stop();
    store.set({ halted: moment.t });
  }

  async function playFull(mine) {
    while (mine === run && pace(store.get().speed) === Infinity) {
      const frame = 1000 / rate();
      const moment = await fetch(further(), (part * frame) / 1000, until());
      if (mine !== run) return;
      if (moment.frame.until) {
        halt(moment);
        return;
      }
      adapt(frame);
      if (moment.t > (newest?.t ?? -1)) newest = moment;
      release(mine);
    }
  }

  async function playPaced(mine) {
    const { listing, grain, speed } = store.get();
    const began = performance.now();
    const interval = Math.max(FRAME, 1000 / pace(speed));
    const count = Math.max(1, Math.round((pace(speed) * FRAME) / 1000));
    const sought = until();
    const moment = await fetch(after(listing, grain, now(), count), undefined, sought);
    if (mine !== run) return;
    if (moment.frame.until || (sought && moment.trouble())) {
      halt(moment);
      return;
    }
    show(moment, interval * 0.75);
    await store.life.painted();
    while (mine === run && performance.now() - began < Math.max(FRAME, 1000 / pace(store.get().speed)) - 4) {
      await store.life.pause(Math.min(50, Math.max(1, began + interval - performance.now())));
    }
  }

  async function play() {
    const mine = ++run;
    stops += 1;
    target = newest = null;
    store.set({ playing: true, wanted: null, halted: null });
    await guard(async () => {
      while (mine === run) {
        const length = Math.round((UNDER_WAY * rate()) / 1000 / LONGEST); // so many requests
        if (pace(store.get().speed) === Infinity) await Promise.all(Array.from({ length }, () => playFull(mine)));
        else await playPaced(mine);
      }
    });
  }

  function stop() {
    run += 1;
    stops += 1;
    target = null;
    store.set({ playing: false, wanted: null });
  }

  const here = () => target?.t ?? now();
  const step = (grain) => seek(after(store.get().listing, grain, here()), 420);
  const stepBack = (grain) => here() > 0 && seek(before(store.get().listing, grain, here()), 200);
  return { seek, play, stop, step, stepBack };
}
