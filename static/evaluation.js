// Asks how good the network is: on a sample while it plays, in full once it rests, and keeps the curves.

import { Lost, Refused } from "./connection.js";
import { withPoint } from "./curve.js";
import { locate } from "./time.js";

const SAMPLE = 1000;
const [EARLY_WAIT, PLAYING_WAIT] = [60, 180]; // milliseconds between evaluations while playing, at least
const REST = 8; // and at least so many times what the last one took, so that training goes on meanwhile
const EARLY = 40; // points of a curve, whose beginning is worth more of them
const RESTING_WAIT = 260; // how long a moment must have stayed before it is evaluated in full

/** The numbers of each training step that become curves, and the tensors that hold them. */
const NUMBERS = { "mini_batch.loss": "loss", penalty: "penalty", norm: "norm", learning_rate: "learning_rate" };

/** A number from JSON, where NaN and infinity travel as text. */
const number = (value) => (value === null ? null : Number(value));

/** Keep the store's `evaluation` and `curves` in step with its moment. `ask(question, t, fields)` asks the server. */
export function keepEvaluated(store, ask) {
  let busy = false;
  let timer = null;
  let last = 0;
  let took = 0;

  async function evaluate(full) {
    const { moment, listing } = store.get();
    if (busy || !moment) return;
    busy = true;
    const began = performance.now();
    const t = moment.t;
    try {
      const answer = await ask("evaluate", t, full ? {} : { most: SAMPLE });
      if (store.get().listing.experiment !== listing.experiment) return;
      let { curves } = store.get();
      const evaluation = { t };
      for (const split of ["training", "held_out"]) {
        const { loss, accuracy, examples, of } = answer[split];
        evaluation[split] = { loss: number(loss), accuracy: number(accuracy), examples, of };
        if (loss !== null) curves = withPoint(curves, `${split}.loss`, t, number(loss));
        if (accuracy !== null) curves = withPoint(curves, `${split}.accuracy`, t, number(accuracy));
      }
      store.set({ evaluation, curves });
    } catch (error) {
      if (!(error instanceof Lost || error instanceof Refused)) throw error;
    } finally {
      busy = false;
      last = performance.now();
      took = last - began;
      const { moment: latest, playing } = store.get();
      if (latest?.t !== t || (!full && !playing)) plan();
    }
  }

  function plan() {
    clearTimeout(timer);
    const { playing, curves } = store.get();
    const wait = (curves["training.loss"]?.length ?? 0) < EARLY ? EARLY_WAIT : Math.max(PLAYING_WAIT, REST * took);
    if (playing) timer = setTimeout(() => evaluate(false), Math.max(0, last + wait - performance.now()));
    else timer = setTimeout(() => evaluate(true), RESTING_WAIT);
  }

  store.on(["moment"], ({ moment, listing, curves }) => {
    if (!moment) return;
    const { begin } = locate(listing, moment.t);
    const known = Object.entries(NUMBERS).filter(([, tensor]) => moment.has(tensor));
    store.set({ curves: known.reduce((all, [name, tensor]) => withPoint(all, name, begin, moment.value(tensor)), curves) });
    if (!store.get().playing || !busy) plan();
  });
  store.on(["playing"], plan);
}
