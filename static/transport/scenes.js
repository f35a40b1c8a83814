// Scenes that are opened: their experiment's run is begun, or goes on, and their view is shown.

import { Lost, Refused } from "../ask/connection.js";
import { same } from "../scene/difference.js";
import { checkFormat } from "../scene/format.js";
import { checkNamed } from "../scene/named.js";
import { leftOut, valuesOf, withCarried } from "../scene/view.js";

/**
 * `run` is the run at the server; `begin(experiment, t)` begins another one, and so does `start(experiment)`, from which
 * one can come back. The rest is as in `holdRun`. Returns {attempt, giveUp, open, openScene, show}.
 */
export function createScenes(store, run, { begin, clock, first, later, offers, languages, refuse, start, trail }) {
  let newest = null; // the scene that was asked for last, until something else is

  /** Do work that may begin a run; where it is refused, say so and keep the present run. Tells whether it was done. */
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

  /** Show a view, and say which fields could not be shown. Returns the values that wait for the moment. */
  function look(view) {
    const { values, late, ...told } = valuesOf(view, store.keys, { ...store.get(), languages });
    store.set(values);
    const notice = leftOut(told);
    if (notice) store.set({ notice });
    return late;
  }

  /** Show a scene; rejects with what was refused, and then all stays. Tells whether no other one has come meanwhile. */
  async function showIt({ format = 1, experiment, t = 0, view = {}, unknown = null }) {
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

  /** Show a scene as it is asked for at the beginning: where the line is lost, it will be asked for again. */
  const show = (scene) => attempt(() => showIt(scene));

  /**
   * Show a scene, {format, experiment, t, view}, and nothing else; where it is refused, all stays, and where there is no
   * line, it waits for one. The same experiment's run goes on. Tells whether it is shown.
   *
   * @param {any} scene
   * @returns {Promise<boolean>}
   */
  const open = (scene) => attempt(() => later.orLater({ work: () => showIt(scene) }, clock.stop));

  return {
    attempt,
    open,
    show,

    /** Give up the scene that is being opened: something else has been asked for. */
    giveUp() {
      newest = null;
    },

    /**
     * Show a scene as `open` does, with what is carried of the present view. Where it `leaves` what is shown, one can come
     * back to that.
     */
    async openScene(scene, leaves = true) {
      if (leaves) trail.leave();
      const opened = await open({ ...scene, view: withCarried(scene.view, store.get(), store.keys) });
      if (!opened) trail.stay();
      return opened;
    },
  };
}
