// Keeps what the network has learned in step with the moment that is shown, while its panel is open.

import { askPredictions } from "./predictions.js";
import { settledAt } from "../base/time.js";

const SAMPLE = 1000; // examples that are predicted while it plays
const SHOWN = 250; // milliseconds between two reports of progress
const RESTING = 150; // for how long a moment must have stayed
const AGAIN = 1000; // milliseconds after a question that was not answered
const [PLAYING, REST] = [500, 10]; // the least between two evaluations while playing, and times what the last one took

/** What predictions depend on besides the run: answers change only where something is written that they are made of. */
const keyOf = ({ listing, moment, split, output }) => `${settledAt(listing, moment.t)} ${split} ${output}`;

/** The part of the data that can be predicted: the one that was chosen, unless nothing is held out. */
export const splitOf = ({ split, listing }) => (listing.examples[split] ? split : "training");

/** Keep the store's `predictions`, as predictions.js gives it with {key, full}. `ask` asks the server. */
export function keepPredictions(store, ask) {
  let timer = null;
  let busy = false;
  let [ended, took] = [0, 0];

  const open = ({ stage, moment, listing, connected }) => stage === "learned" && moment && listing && connected;

  /** Whether all that can be known is known. */
  const known = (state) =>
    state.predictions?.key === keyOf(state) && state.predictions.full && state.predictions.done >= state.predictions.of;

  async function work() {
    const state = store.get();
    if (busy || !open(state) || known(state)) return;
    busy = true;
    const began = performance.now();
    const {
      moment: { t },
      listing,
      playing,
      output,
    } = state;
    const key = keyOf(state);
    let reported = began;
    const alive = () => {
      const now = store.get();
      return open(now) && now.listing === listing && now.playing === playing && (playing || keyOf(now) === key);
    };
    const keep = (found) => store.set({ predictions: { ...found, key, full: !playing } });
    const progress = (found) => {
      if (performance.now() - reported < SHOWN) return;
      reported = performance.now();
      keep(found);
    };
    const what = { split: splitOf(state), output, ...(playing ? { most: SAMPLE, once: true } : {}) };
    const found = await askPredictions(ask, t, what, { progress, alive });
    if (found) keep(found);
    else if (alive()) await store.life.pause(AGAIN);
    busy = false;
    ended = performance.now();
    took = ended - began;
    plan();
  }

  function plan() {
    store.life.cancel(timer);
    const state = store.get();
    if (busy || !open(state) || known(state)) return;
    const wait = state.playing ? Math.max(0, ended + Math.max(PLAYING, REST * took) - performance.now()) : RESTING;
    timer = store.life.later(work, wait);
  }

  store.on(["moment", "playing", "stage", "split", "output", "connected"], (state) => open(state) && plan());
}
