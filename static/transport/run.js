// A run that is held: begun, changed and moved along on the server's side of a line, and shown by the store.

import { createClient } from "../ask/client.js";
import { Lost, Refused } from "../ask/connection.js";
import { frameRate } from "../ask/watch.js";
import { createRun } from "../state/run.js";
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
  const moments = createMoments(store, run, line, later);
  const paced = createClock(store, moments, () => frameRate(store.get()), refuse);
  const clock = {
    ...paced,
    /** Go to t by a leap, from which one can come back. */
    jump(t) {
      trail.leave();
      return paced.seek(t);
    },
  };
  const beginnings = createBeginnings(store, run, { moments, clock, later, offers, trail });
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

  const ask = createClient(store, async (question, t, fields) => {
    await run.there();
    const reply = await line.request("ask", { question, t, ...fields });
    return reply.answer ?? reply;
  });
  keepLandmark(store, ask);

  /** Begin another run; rejects with what was refused, and then nothing has changed, or with Lost, and then it waits. */
  function start(experiment, { t = 0, happens = "run" } = {}) {
    scenes.giveUp();
    return beginnings.start(experiment, t, happens);
  }

  /** The line is there: begin with what is wished for, or go on where the page was. */
  async function resume() {
    const { listing, moment, wanted: target, playing: played } = store.get(); // which a person may have been on the way to
    store.set({ connected: true, full: false, wanted: null });
    try {
      const gone = listing && (await refusalOf(run.again((request) => startAgain(store, request, restore))));
      const begun = await later.carryOut(refuse);
      if (gone && !begun) throw gone;
      if (!listing && !begun) {
        await scenes.show(wished() ?? { experiment: first });
        return;
      }
      const { playing, wanted } = store.get(); // what a person has wished for meanwhile goes before
      if (begun ? played : playing) clock.play();
      else if (wanted === null && !(begun && target === null)) await clock.seek(target ?? moment?.t ?? 0);
    } catch (error) {
      if (error instanceof Refused) refuse(error);
      else if (!(error instanceof Lost)) throw error;
      else if (store.get().wanted === null) store.set({ wanted: target }); // the next line goes on there
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
  const { change } = beginnings;
  const { open, openScene } = scenes;
  return { ask, fetchFile: moments.file, start, startPreset, change, open, openScene, clock };
}
