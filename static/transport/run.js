// A run that is held: begun, changed and moved along on the server's side of a line, and shown by the store.

import { createClient } from "../ask/client.js";
import { Lost, Refused } from "../ask/connection.js";
import { Moment } from "../ask/frame.js";
import { frameRate, watchFor } from "../ask/watch.js";
import { upTo } from "../state/curve.js";
import { createRun } from "../state/run.js";
import { createClock } from "./clock.js";

/**
 * Hold a run over the line that `transport({opened, lost, timed})` opens: {request, close}.
 *
 * It begins with what `wished()` gives, {experiment, t, ...}, or where that is null or refused with `first`.
 * `restore(experiment)` gives a server that has begun anew what the experiment needs, and resolves to whether there was
 * something to give; `refuse(error)` shows what was refused; `timed` hears how long the line took.
 */
export function holdRun(store, transport, { wished, first, restore, refuse, timed }) {
  const line = transport({ opened: resume, lost: () => store.set({ connected: false }), timed });
  const run = createRun(line);
  const clock = createClock(store, fetchMoment, showMoment, () => frameRate(store.get()), refuse);

  async function fetchMoment(t, seconds, until) {
    await run.there();
    const { listing } = store.get();
    const watch = watchFor(store.get());
    const frame = await line.request("seek", { t, seconds, watch, until });
    return new Moment(frame, listing.tensors, watch?.updates);
  }

  function showMoment(moment, gestureTime) {
    const { listing, furthest } = store.get();
    if (moment.axes !== listing.tensors) return;
    store.set({ gestureTime, furthest: Math.max(furthest, moment.t), moment });
  }

  const ask = createClient(store, async (question, t, fields) => {
    await run.there();
    const reply = await line.request("ask", { question, t, ...fields });
    return reply.answer ?? reply;
  });

  /** The frame of the very moment t, however many answers it takes to get there. */
  async function frameAt(t, watch) {
    for (;;) {
      const frame = await line.request("seek", { t, watch });
      if (frame.t === t) return frame;
    }
  }

  /** The whole moment t as the safetensors file in which it travels. */
  async function fetchFile(t) {
    await run.there();
    return (await frameAt(t)).file;
  }

  /** Begin another run; rejects with what was refused, and then nothing has changed. */
  async function start(experiment, { t = 0, preset = null, scenario = null } = {}) {
    store.set({ beginning: store.get().beginning + 1 });
    const begun = run.begin(async (request) => {
      const { listing } = await request("start", { experiment, t });
      clock.stop();
      store.forget("run", { listing, preset, scenario });
    });
    await begun.finally(() => store.set({ beginning: store.get().beginning - 1 }));
    await clock.seek(t);
  }

  /** Change this run at the moment that is shown. */
  async function change(write) {
    const { t } = store.get().moment;
    clock.stop();
    await run.change(async (request) => {
      const { listing } = await request("change", { t, ...write });
      const frame = await frameAt(t, watchFor(store.get()));
      const { furthest, curves } = store.get();
      const moment = new Moment(frame, listing.tensors); // with the listing, so that no number is another experiment's
      store.forget("change", { listing, moment, preset: null, furthest: t, curves: upTo(curves, t) });
      if (furthest > t) store.set({ notice: { text: "change.dropped" } });
    });
    const { wanted, playing } = store.get();
    if (wanted === null && !playing) await clock.seek(t); // unless a person has gone on meanwhile
  }

  /** The line is there: begin with what is wished for, or go on where the page was. */
  async function resume() {
    store.set({ connected: true, wanted: null });
    const { listing, moment } = store.get();
    try {
      if (listing) {
        await run.again((request) => startAgain(request, listing.experiment));
        const { playing, wanted } = store.get(); // what a person has wished for meanwhile goes before
        if (playing) clock.play();
        else if (wanted === null) await clock.seek(moment?.t ?? 0);
      } else await open(wished() ?? first);
    } catch (error) {
      if (error instanceof Refused) refuse(error);
      else if (!(error instanceof Lost)) throw error;
    }
  }

  /** Start the run of this page at a server that has lost it; one that has begun anew needs its checkpoint again. */
  async function startAgain(request, experiment) {
    try {
      await request("start", { experiment });
    } catch (error) {
      if (!(error instanceof Refused) || !(await restore(experiment))) throw error;
      await request("start", { experiment });
    }
  }

  /** Open what is wished for; where that is refused, say so and keep what there is. Tells which it was. */
  async function open(wish) {
    if (!wish) return false;
    try {
      await start(wish.experiment, wish);
      return true;
    } catch (error) {
      if (error instanceof Lost) return false;
      if (!(error instanceof Refused)) throw error;
      if (!store.get().listing) await start(first.experiment, first);
      refuse(error);
      return false;
    }
  }

  store.life.atEnd(() => {
    clock.stop();
    line.close();
  });
  return { ask, fetchFile, start, change, open, clock };
}
