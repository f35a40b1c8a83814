// A run that is held: begun, changed and moved along on the server's side of a line, and shown by the store.

import { Lost, Refused } from "../ask/connection.js";
import { frameRate } from "../ask/watch.js";
import { createRun } from "../state/run.js";
import { createAsk } from "./asking.js";
import { createBeginnings } from "./beginnings.js";
import { createClock } from "./clock.js";
import { refusalOf, startAgain } from "./again.js";
import { keepLandmark } from "./landmark.js";
import { createLater } from "./later.js";
import { createMoments } from "./moments.js";
import { createScenes } from "./scenes.js";

/**
 * Hold a run over the line that `transport({opened, lost, timed})` opens: {request, close}.
 *
 * It begins with the scene that `linked()` gives, {format, experiment, t, view}, or where that is null or refused with
 * the one of the experiment `first`. `offers` are the experiments that have names, and `languages` those of the page.
 * `trail` hears when what is shown is left for something from which one can come back, {leave(), stay()}.
 * `restore(experiment)` gives a server that has begun anew what the experiment needs, and resolves to whether there was
 * something to give; `refuse(error)` shows what was refused; `timed` hears how long the line took.
 */
export function holdRun(store, transport, { linked, first, offers, languages, trail, restore, refuse, timed }) {
  const lost = ({ full = false } = {}) => store.set({ connected: false, full });
  const line = transport({ opened: resume, lost, timed });
  const later = createLater(store);
  const run = createRun(line);
  const moments = createMoments(store, run, line, later);
  const paced = createClock(store, moments, () => frameRate(store.get()), refuse);
  const clock = {
    ...paced,
    /** Go to t by a leap, from which one can come back. */
    jump(t) {
      trail.leave();
      return paced.seek(t);
    },
    /** The same to where one of these conditions is first true before t; `ended(moment)` hears where that was. */
    runTo(t, conditions, ended) {
      trail.leave();
      return paced.runTo(t, conditions, ended);
    },
  };
  const beginnings = createBeginnings(store, run, { moments, clock, later, offers, trail, restore });
  const scenes = createScenes(store, run, {
    begin: beginnings.begin,
    clock,
    first,
    later,
    offers,
    languages,
    refuse,
    start,
    trail,
  });
  const { attempt } = scenes;

  const ask = createAsk(store, run, line);
  keepLandmark(store, ask);

  /** Begin another run; rejects with what was refused, and then nothing has changed, or with Lost, and then it waits. */
  function start(experiment, { t = 0, happens = "run" } = {}) {
    scenes.giveUp();
    return beginnings.start(experiment, t, happens);
  }

  /** The line is there: begin with the scene of the address, or go on where the page was. */
  async function resume() {
    const { listing, playing: played, wanted: target } = store.get(); // what is asked for stands until it is there
    store.set({ connected: true, full: false });
    try {
      const gone = listing && (await refusalOf(run.again((request) => startAgain(store, request, restore))));
      const begun = await later.carryOut(refuse);
      if (gone && !begun) throw gone;
      if (!listing && !begun) await scenes.show(linked() ?? { experiment: first });
      else if (begun ? played : store.get().playing) clock.play();
      else if (!clock.seeks() && !begun) await clock.refresh();
      else if (!clock.seeks() && target !== null) await clock.goOn(target);
    } catch (error) {
      if (error instanceof Refused) refuse(error);
      else if (!(error instanceof Lost)) throw error;
    }
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
  /** A line for another run at the server, by its name there. */
  const beside = (/** @type {string} */ name) => ({
    request: (/** @type {string} */ command, /** @type {object} */ fields) =>
      line.request(command, { ...fields, run: name }),
  });
  const { change } = beginnings;
  const { open, openScene } = scenes;
  const { file: fetchFile, accompany } = moments;
  return { ask, fetchFile, start, startPreset, change, open, openScene, clock, run, beside, accompany, restore };
}
