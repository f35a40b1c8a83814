// Edits of the experiment: what a person puts in is a change from here on in mid-run, and another run at its beginning.

import { Lost, Refused } from "../ask/connection.js";
import { fresh, keptSettings, settingsAt, withLayer, withLayerAdded } from "./experiment.js";
import { waitingAt } from "../base/time.js";
import { say } from "../base/words.js";

/**
 * `start(experiment)` begins another run, `change(write)` changes this one; both reject with what was refused, which is
 * given to `complain`. `undone()` is called where the line was lost, and so nothing has changed. The edits are made of the
 * `draft`, which the panel sets to the settings that it shows.
 */
export function createEdits(store, choices, { start, change, complain, undone }) {
  const edits = { draft: null, submit, adjust, setRate, choose, shape, layer, addLayer }; // the draft also where it was refused
  const isBegun = () => Boolean(store.get().moment?.t);

  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof Lost) undone();
      else if (error instanceof Refused) complain(error);
      else throw error;
    }
  }

  /** Say which settings, changed in the course of the run before, this one has kept. */
  function tellKept(before, t) {
    const { listing, words } = store.get();
    const kept = keptSettings(before.experiment, settingsAt(before, t), listing.experiment);
    if (!kept.length) return;
    const settings = kept.map((name) => say(words, `noun.${name}`)).join(say(words, "list.comma"));
    store.set({ notice: { text: "settings.kept", blanks: { settings } } });
  }

  /** Begin a run of another experiment. */
  function submit(experiment) {
    edits.draft = experiment;
    return attempt(async () => {
      const { listing: before, moment } = store.get();
      await start(experiment);
      tellKept(before, moment?.t ?? 0);
    });
  }

  /** Set fields of the experiment. */
  function adjust(fields) {
    const draft = { ...edits.draft, ...fields };
    if (!isBegun()) return submit(fresh(draft));
    edits.draft = draft;
    return attempt(() => change(fields));
  }

  function setRate(rate) {
    const optimizer = { ...edits.draft.optimizer, learning_rate: rate };
    if (!isBegun()) return submit(fresh({ ...edits.draft, optimizer }));
    const { listing, moment } = store.get();
    const waiting = waitingAt(listing, moment.t).some((each) => each.optimizer); // and would bring its own rate
    return attempt(() => change(waiting ? { optimizer } : { learning_rate: rate }));
  }

  /** Choose what the next mini-batch holds, from here on and at the beginning of a run too. */
  function choose(chosen) {
    return attempt(() => change({ next_mini_batch: chosen }));
  }

  /** Set what a layer has besides its number of neurons, in mid-run too. */
  function layer(i, given) {
    const { layers, loss } = withLayer(choices, edits.draft, i, given);
    const more = given.batch_norm && !edits.draft.layers[i].batch_norm && { start: undefined }; // than a checkpoint may hold
    return adjust({ layers, ...(loss !== edits.draft.loss && { loss }), ...more });
  }

  /** Set a layer, and so begin another run. */
  function shape(i, given) {
    return submit(withLayer(choices, edits.draft, i, given));
  }

  function addLayer() {
    return submit(withLayerAdded(choices, edits.draft));
  }

  return edits;
}
