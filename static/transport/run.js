// A run that is held: begun, changed and moved along on the server's side of a line, and shown by the store.

import { createClient } from "../ask/client.js";
import { Lost, Refused } from "../ask/connection.js";
import { Moment } from "../ask/frame.js";
import { frameRate, watchFor } from "../ask/watch.js";
import { same } from "../scene/difference.js";
import { checkFormat } from "../scene/format.js";
import { checkNamed, nameOf } from "../scene/named.js";
import { leftOut } from "../scene/told.js";
import { valuesOf } from "../scene/view.js";
import { upTo } from "../state/curve.js";
import { createRun } from "../state/run.js";
import { createClock } from "./clock.js";
import { handBack, keepLandmark } from "./landmark.js";
import { createLater } from "./later.js";
import { whenThereIsRoom } from "./room.js";

/**
 * Hold a run over the line that `transport({opened, lost, timed})` opens: {request, close}.
 *
 * It begins with the scene that `wished()` gives, {format, experiment, t, view}, or where that is null or refused with
 * the one of the experiment `first`. `offers` are the experiments that have names, and `languages` those of the page.
 * `trail` hears when what is shown is left for something from which one can come back, {leave(), stay()}.
 * `restore(experiment)` gives a server that has begun anew what the experiment needs, and resolves to whether there was
 * something to give; `refuse(error)` shows what was refused; `timed` hears how long the line took.
 */
export function holdRun(store, transport, { wished, first, offers, languages, trail, restore, refuse, timed }) {
  const lost = ({ full = false } = {}) => store.set({ connected: false, full });
  const line = transport({ opened: resume, lost, timed });
  const later = createLater(store);
  const run = createRun(line);
  const paced = createClock(store, fetchMoment, showMoment, () => frameRate(store.get()), refuse);
  const clock = {
    ...paced,
    /** Go to t by a leap, from which one can come back. */
    jump(t) {
      trail.leave();
      return paced.seek(t);
    },
  };
  let newest = null; // the scene that was asked for last, until something else is

  async function fetchMoment(t, seconds, until) {
    await run.there();
    const { listing } = store.get();
    const watch = watchFor(store.get());
    const frame = await line.request("seek", { t, seconds, watch, until }).catch((error) => {
      throw later.tell(error, "move");
    });
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
  keepLandmark(store, ask);

  /** The frame of the very moment t, however many answers it takes to get there. */
  async function frameAt(t, watch) {
    for (;;) {
      const frame = await line.request("seek", { t, watch });
      if (frame.t === t) return frame;
    }
  }

  /** The whole moment t as the safetensors file in which it travels. */
  async function fetchFile(t) {
    try {
      await run.there();
      return (await frameAt(t)).file;
    } catch (error) {
      throw later.tell(error, "file");
    }
  }

  /** Begin a run, which makes be forgotten what goes with any other "run", or more with a "preset". */
  async function begin(experiment, t, happens = "run") {
    store.set({ beginning: store.get().beginning + 1 });
    const begun = run.begin(async (request) => {
      const startIt = () => request("start", { experiment, t });
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

  /** Begin another run; rejects with what was refused, and then nothing has changed, or with Lost, and then it waits. */
  function start(experiment, { t = 0, happens = "run" } = {}) {
    newest = null;
    async function work() {
      await leaving(() => begin(experiment, t, happens));
      await clock.seek(t);
    }
    return later.orLater({ work }, clock.stop);
  }

  /** Change this run at the moment that is shown; rejects as `start` does. */
  async function change(write) {
    const { t } = store.get().moment;
    clock.stop();
    await later.orLater({ work: () => leaving(() => changeAt(t, write)), changes: t }, clock.stop);
    const { wanted, playing } = store.get();
    if (wanted === null && !playing) await clock.seek(t); // unless a person has gone on meanwhile
  }

  async function changeAt(t, write) {
    await run.change(async (request) => {
      const { listing } = await request("change", { t, ...write });
      const frame = await frameAt(t, watchFor(store.get()));
      const { furthest, curves } = store.get();
      const moment = new Moment(frame, listing.tensors); // with the listing, so that no number is another experiment's
      const named = nameOf(listing.experiment, offers);
      store.forget("change", { listing, ...named, moment, furthest: t, curves: upTo(curves, t) });
      if (furthest > t) store.set({ notice: { text: "change.dropped" } });
    });
  }

  /** The line is there: begin with what is wished for, or go on where the page was. */
  async function resume() {
    const { listing, moment, wanted: target, playing: played } = store.get(); // which a person may have been on the way to
    store.set({ connected: true, full: false, wanted: null });
    try {
      const gone = listing && (await refusalOf(run.again((request) => startAgain(request, listing.experiment))));
      const begun = await later.carryOut(refuse);
      if (gone && !begun) throw gone;
      if (!listing && !begun) {
        await attempt(() => show(wished() ?? { experiment: first }));
        return;
      }
      const { playing, wanted } = store.get(); // what a person has wished for meanwhile goes before
      if (begun ? played : playing) clock.play();
      else if (wanted === null && !(begun && target === null)) await clock.seek(target ?? moment?.t ?? 0);
    } catch (error) {
      if (error instanceof Refused) refuse(error);
      else if (!(error instanceof Lost)) throw error;
    }
  }

  /** What is refused of work; null where it is done. */
  async function refusalOf(work) {
    try {
      await work;
      return null;
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }

  /**
   * Start the run of this page at a server that has lost it, and hand back what the page has kept of it. A server that has
   * begun anew needs its checkpoint again.
   */
  async function startAgain(request, experiment) {
    const startIt = () => whenThereIsRoom(store, () => request("start", { experiment }));
    try {
      await startIt();
    } catch (error) {
      if (!(error instanceof Refused) || !(await restore(experiment))) throw error;
      await startIt();
    }
    const { landmark } = store.get();
    if (!landmark) return;
    await handBack(request, landmark).catch((error) => {
      if (!(error instanceof Refused)) throw error;
      store.set({ landmark: null }); // and all is run again
    });
  }

  /** Do what begins a run or may; where it is refused, say so and keep what there is. Tells whether it was done. */
  async function attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Lost) return false;
      if (!(error instanceof Refused)) throw error;
      if (!store.get().listing) await start(first);
      refuse(error);
      return false;
    }
  }

  /** Show a view, and tell what of it could not be shown. Returns what of it waits for the moment. */
  function look(view) {
    const { values, late, ...told } = valuesOf(view, store.keys, { ...store.get(), languages });
    store.set(values);
    const notice = leftOut(told);
    if (notice) store.set({ notice });
    return late;
  }

  /** Show a scene; rejects with what was refused, and then all stays. Tells whether no other one has come meanwhile. */
  async function show({ format = 1, experiment, t = 0, view = {}, unknown = null }) {
    const mine = {};
    newest = mine;
    checkFormat(format);
    checkNamed(unknown, offers);
    await run.there().catch(() => {}); // whether a run that has been lost could go on does not matter
    if (newest !== mine) return false;
    const { listing } = store.get();
    if (!listing || !same(experiment, listing.experiment)) await begin(experiment, t);
    if (newest !== mine) return false; // another one may have come while the run was begun
    clock.stop();
    const late = look(view);
    await clock.seek(t);
    if (newest === mine) store.set(late);
    return true;
  }

  /**
   * Show a scene, {format, experiment, t, view}, and nothing else; where it is refused, all stays, and where there is no
   * line, it waits for one. The same experiment's run goes on. Tells whether it is shown.
   *
   * @param {any} scene
   * @returns {Promise<boolean>}
   */
  const open = (scene) => attempt(() => later.orLater({ work: () => show(scene) }, clock.stop));

  /** Show a scene as `open` does, from which one can come back. */
  async function openScene(scene) {
    trail.leave();
    const opened = await open(scene);
    if (!opened) trail.stay();
    return opened;
  }

  /** Begin a preset or a scenario, or what is like one. Tells whether it was done. */
  const startPreset = (experiment) =>
    attempt(async () => {
      await start(experiment, { happens: "preset" });
      return true;
    });

  store.life.atEnd(() => {
    clock.stop();
    line.close();
  });
  return { ask, fetchFile, start, startPreset, change, open, openScene, clock };
}
