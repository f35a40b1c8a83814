// The moments of a run: fetched over its line, and shown by the store.

import { Moment } from "../ask/frame.js";
import { watchFor } from "../ask/watch.js";

/**
 * `run` tells when the server has the run that is shown; `line` leads to the server; `later` says what is lost. Returns {fetch, show, frameAt, file, accompany}:
 * the functions reject as the line does. `accompany(work)` has `work(moment)` done for each moment that is fetched, before it
 * is there: other runs come along with this one.
 */
export function createMoments(store, run, line, later) {
  let along = async (_moment) => {};

  /** The frame of the very moment t, however many answers it takes to get there. */
  async function frameAt(t, watch) {
    for (;;) {
      const frame = await line.request("seek", { t, watch });
      if (frame.t === t) return frame;
    }
  }

  return {
    frameAt,

    /** The moment t, or one on the way there: after so many seconds, or where the condition `until` is first true. */
    async fetch(t, seconds, until) {
      await run.there();
      const { listing } = store.get();
      const watch = watchFor(store.get());
      const frame = await line.request("seek", { t, seconds, watch, until }).catch((error) => {
        throw later.tell(error, "move");
      });
      const moment = new Moment(frame, listing.tensors, watch?.updates);
      await along(moment);
      return moment;
    },

    accompany(work) {
      along = work;
    },

    /** Show a moment, unless another run is shown by now. */
    show(moment, gestureTime) {
      const { listing, furthest } = store.get();
      if (moment.axes !== listing.tensors) return;
      store.set({ gestureTime, furthest: Math.max(furthest, moment.t), moment });
    },

    /** The whole moment t as the safetensors file in which it travels. */
    async file(t) {
      try {
        await run.there();
        return (await frameAt(t)).file;
      } catch (error) {
        throw later.tell(error, "file");
      }
    },
  };
}
