// How the training goes, layer by layer: asks the server, and keeps the answer and its curves.

import { keepAsking } from "../ask/follow.js";
import { withPoint } from "../state/curve.js";

const WAITS = { playing: 500, resting: 320, rest: 12 };
const RECENT = 60; // losses of the past that a plateau is told by
const CURVES = ["gradient_rms", "update_ratio", "dead", "saturated"];

/** Keep the store's `diagnosis` and its curves in step with its moment. */
export function keepDiagnosed(store, ask) {
  async function diagnose() {
    const {
      moment,
      curves: { "mini_batch.loss": losses = [] },
    } = store.get();
    const recent = losses
      .filter(({ t }) => t <= moment.t)
      .slice(-RECENT)
      .map(({ value }) => String(value));
    const { t } = moment;
    const answer = await ask({ question: "diagnose", losses: recent }, { t, of: "run" });
    if (answer?.found) keep(t, answer.found);
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

  keepAsking(store, diagnose, () => WAITS);
}
