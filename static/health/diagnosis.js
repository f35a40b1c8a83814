// How the training goes, layer by layer: asks the server, and keeps the answer.

import { keepAsking } from "../ask/follow.js";

const WAITS = { playing: 500, resting: 320, rest: 12 };
const RECENT = 60; // losses of the past that a plateau is told by

/** Keep the store's `diagnosis` in step with its moment. */
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
    if (answer?.found) store.set({ diagnosis: { t, ...answer.found } });
  }

  keepAsking(store, diagnose, () => WAITS);
}
