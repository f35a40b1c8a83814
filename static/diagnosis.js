// Asks how the training goes, layer by layer, and keeps the answer and its curves.

import { Lost, Refused } from "./connection.js";
import { withPoint } from "./curve.js";

const [PLAYING_WAIT, RESTING_WAIT] = [500, 320]; // milliseconds, at least
const REST = 12; // while playing, and at least so many times what the last answer took
const RECENT = 60; // losses of the past that a plateau is told by
const CURVES = ["gradient_rms", "update_ratio", "dead", "saturated"];

/** Keep the store's `diagnosis` and its curves in step with its moment. */
export function keepDiagnosed(store, ask) {
  let busy = false;
  let timer = null;
  let last = 0;
  let took = 0;

  async function diagnose() {
    const { moment, listing, curves: { "mini_batch.loss": losses = [] } } = store.get();
    if (busy || !moment) return;
    busy = true;
    const began = performance.now();
    try {
      const recent = losses.filter(({ t }) => t <= moment.t).slice(-RECENT).map(({ value }) => String(value));
      const diagnosis = await ask("diagnose", moment.t, { losses: recent });
      if (store.get().listing === listing) keep(moment.t, diagnosis);
    } catch (error) {
      if (!(error instanceof Lost || error instanceof Refused)) throw error;
    } finally {
      busy = false;
      last = performance.now();
      took = last - began;
      if (store.get().moment?.t !== moment.t) plan();
    }
  }

  function keep(t, diagnosis) {
    let { curves } = store.get();
    for (const layer of diagnosis.layers) {
      for (const name of CURVES) {
        const value = layer[name] === null ? NaN : Number(layer[name]);
        if (Number.isFinite(value)) curves = withPoint(curves, `${name}.${layer.layer}`, t, value);
      }
    }
    store.set({ diagnosis: { t, ...diagnosis }, curves });
  }

  function plan() {
    clearTimeout(timer);
    const wait = store.get().playing ? Math.max(0, last + Math.max(PLAYING_WAIT, REST * took) - performance.now()) : RESTING_WAIT;
    timer = setTimeout(diagnose, wait);
  }

  store.on(["moment"], ({ moment }) => moment && !busy && plan());
  store.on(["playing"], plan);
}
