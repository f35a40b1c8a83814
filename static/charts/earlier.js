// The loss of the run before, kept so that two runs can be compared: what is kept, and how it is drawn.

import { brief } from "../base/numbers.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";

const CURVES = ["training.loss", "held_out.loss"];

/** Whether two runs have the same data, without which their losses cannot be compared. */
const isOfData = (one, other) => JSON.stringify(one.dataset) === JSON.stringify(other.dataset);

/** The last moment of a run's loss that has been measured, or -1. */
const lastOf = ({ "training.loss": points = [] }) => points.at(-1)?.t ?? -1;

/**
 * What is kept of a run, {listing, curves, chance}, as another listing comes: its loss by training step, {experiment, chance,
 * curves}; or `earlier`, what has been kept already, where its loss is still there.
 */
function keptOf({ listing, curves, chance }, state) {
  const { experiment } = listing;
  if (lastOf(curves) <= Math.max(0, lastOf(state.curves))) return state.earlier;
  const points = (name) => (curves[name] ?? []).map(({ t, value }) => ({ step: stepsAt(listing, t), value }));
  return { experiment, chance, curves: Object.fromEntries(CURVES.map((name) => [name, points(name)])) };
}

/**
 * What the losses that are kept are multiplied by, so that they can be compared: 1 under the same loss; else chance, which is
 * the loss of the best constant answer, comes to the same height. Null where that is not known or is 0.
 */
export function scaleOf({ earlier, listing, diagnosis }) {
  if (earlier.experiment.loss === listing.experiment.loss) return 1;
  const scale = Number(diagnosis?.chance) / Number(earlier.chance);
  return scale > 0 && Number.isFinite(scale) ? scale : null;
}

/** The curves that are drawn of the run before: {name, points}, each point {step, value}. */
export function earlierCurves(state) {
  const scale = state.earlier ? scaleOf(state) : null;
  if (scale === null) return [];
  return CURVES.map((name) => ({
    name,
    points: state.earlier.curves[name].map(({ step, value }) => ({ step, value: scale * value })),
  })).filter(({ points }) => points.length);
}

/** What is said of the run before: its name, and to which scale it is drawn. */
export function earlierText(words, state) {
  const { loss, optimizer, seed } = state.earlier.experiment;
  const name = say(words, "earlier.name", {
    loss: say(words, `loss.${loss}`),
    optimizer: say(words, `optimizer.${optimizer.name}`),
    rate: brief(optimizer.learning_rate),
    seed,
  });
  const scale = scaleOf(state);
  return say(words, scale === null ? "earlier.other" : scale === 1 ? "earlier.same" : "earlier.scaled", { name });
}

/** Keep the store's `earlier`: the loss of the run before, once another begins or a change has dropped what came of it. */
export function keepEarlier(store) {
  let last = null;
  store.on(["listing"], (state) => {
    if (!state.listing) return;
    const kept = last ? keptOf(last, state) : state.earlier;
    store.set({ earlier: kept && isOfData(kept.experiment, state.listing.experiment) ? kept : null });
    last = null;
  });
  store.on(["curves", "diagnosis", "listing"], ({ listing, curves, diagnosis }) => {
    if (!listing || lastOf(curves) <= 0) return;
    last = { listing, curves, chance: diagnosis?.chance ?? (last?.listing === listing ? last.chance : null) };
  });
}
