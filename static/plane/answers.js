// What the network, or one neuron of it, answers over all inputs: asked anew with each moment, one question at a time.

import { neuronMeant, toneOf } from "./neuron.js";

const POINTS = { 1: 160, 2: 48 }; // of the grid, on a side, by the number of inputs
const PLAYING_WAIT = 150; // milliseconds between two questions while it plays

/** `data()` are the points of the run, or null while there is nothing to ask; `changed(answer)` hears of each answer. */
export function createAnswers(store, ask, data, changed) {
  let busy = false;
  let stale = false;
  let last = 0;

  async function once({ inputs, range: { low, high } }) {
    const state = store.get();
    const { layer, unit } = neuronMeant(state);
    const answered = await ask({ question: "response", layer, unit, low, high, points: POINTS[inputs] }, { of: "run" });
    if (!answered?.found) return;
    const { shape, data: values } = answered.found.tensors.get("response");
    changed({ layer, unit, shape, values, tone: toneOf(state.listing, state.moment.t, { layer, unit }, values) });
  }

  /** Ask for the answers at the moment that is shown. */
  return async function update() {
    if (!data()) return;
    if (busy) {
      stale = true;
      return;
    }
    [busy, stale] = [true, false];
    await once(data());
    const wait = store.get().playing ? Math.max(0, last + PLAYING_WAIT - performance.now()) : 0;
    last = performance.now() + wait;
    store.life.later(() => {
      busy = false;
      if (stale) update();
    }, wait);
  };
}
