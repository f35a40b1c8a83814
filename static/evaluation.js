// How good the network is: asks the server, of a sample while it plays and in full once it rests, and keeps the curves.

import { keepAsking } from "./asking.js";
import { withPoint } from "./curve.js";
import { locate } from "./time.js";

const SAMPLE = 1000;
const EARLY = 40; // points of a curve, whose beginning is worth more of them
const EARLY_WAITS = { playing: 60, resting: 260, rest: 0 };
const WAITS = { playing: 180, resting: 260, rest: 8 };

/** The numbers of each training step that become curves, and the tensors that hold them. */
const NUMBERS = { "mini_batch.loss": "loss", penalty: "penalty", norm: "norm", learning_rate: "learning_rate" };

/** A number from JSON, where NaN and infinity travel as text. */
const number = (value) => (value === null ? null : Number(value));

/** Keep the store's `evaluation` and `curves` in step with its moment. `ask(question, t, fields)` asks the server. */
export function keepEvaluated(store, ask) {
  async function evaluate(full) {
    const { moment: { t }, listing } = store.get();
    const answer = await ask("evaluate", t, full ? {} : { most: SAMPLE });
    if (store.get().listing !== listing) return;
    let { curves } = store.get();
    const evaluation = { t };
    for (const split of ["training", "held_out"]) {
      const { loss, accuracy, examples, of } = answer[split];
      evaluation[split] = { loss: number(loss), accuracy: number(accuracy), examples, of };
      if (loss !== null) curves = withPoint(curves, `${split}.loss`, t, number(loss));
      if (accuracy !== null) curves = withPoint(curves, `${split}.accuracy`, t, number(accuracy));
    }
    store.set({ evaluation, curves });
  }

  store.on(["moment"], ({ moment, listing, curves }) => {
    if (!moment) return;
    const { begin } = locate(listing, moment.t);
    const known = Object.entries(NUMBERS).filter(([, tensor]) => moment.has(tensor));
    store.set({ curves: known.reduce((all, [name, tensor]) => withPoint(all, name, begin, moment.value(tensor)), curves) });
  });
  keepAsking(store, evaluate, () => ((store.get().curves["training.loss"]?.length ?? 0) < EARLY ? EARLY_WAITS : WAITS));
}
