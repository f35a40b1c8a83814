// Another run that begins, and a change of the run at the moment that is shown.

import { Moment } from "../ask/frame.js";
import { watchFor } from "../ask/watch.js";
import { nameOf } from "../scene/named.js";
import { upTo } from "../state/curve.js";
import { restoring } from "./again.js";
import { whenThereIsRoom } from "./room.js";

/** `run` is the run at the server. The rest is as in `holdRun`. Returns {begin, start, change}. */
export function createBeginnings(store, run, { moments, clock, later, offers, trail, restore }) {
  /** Begin a run, with which all is forgotten that goes with any other "run", or with another "preset". */
  async function begin(experiment, t, happens = "run") {
    store.set({ beginning: store.get().beginning + 1 });
    const begun = run.begin(async (request) => {
      const startIt = () => restoring(() => request("start", { experiment, t }), experiment, restore);
      const { listing } = await (store.get().listing ? startIt() : whenThereIsRoom(store, startIt));
      clock.stop();
      store.forget(happens, { listing, ...nameOf(listing.experiment, offers) });
    });
    await begun.finally(() => store.set({ beginning: store.get().beginning - 1 }));
  }

  /** Do what makes another scene, from which one can come back. */
  async function leaving(work) {
    trail.leave();
    try {
      await work();
    } catch (error) {
      trail.stay();
      throw error;
    }
  }

  async function changeAt(t, write) {
    await run.change(async (request) => {
      const { listing } = await request("change", { t, ...write });
      const frame = await moments.frameAt(t, watchFor(store.get()));
      const { furthest, curves } = store.get();
      const moment = new Moment(frame, listing.tensors); // with the listing, so that no number is another experiment's
      const named = nameOf(listing.experiment, offers);
      store.forget("change", { listing, ...named, moment, furthest: t, curves: upTo(curves, t) });
      if (furthest > t) store.set({ notice: { text: "change.dropped" } });
    });
  }

  return {
    begin,

    /** Begin another run and go to t; rejects with what was refused, or with Lost, and then it waits for the line. */
    start(experiment, t, happens) {
      async function work() {
        await leaving(() => begin(experiment, t, happens));
        await clock.seek(t);
      }
      return later.orLater({ work }, clock.stop);
    },

    /** Change this run at the moment that is shown; rejects as `start` does. */
    async change(write) {
      const t = store.get().moment?.t ?? 0; // a run that has just begun is at its beginning
      clock.stop();
      await later.orLater({ work: () => leaving(() => changeAt(t, write)), changes: t }, clock.stop);
      const { wanted, playing } = store.get();
      if (wanted === null && !playing) await clock.seek(t); // unless a person has gone on meanwhile
    },
  };
}
