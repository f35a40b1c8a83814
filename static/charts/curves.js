// Keeps the curves that the charts declare: numbers of each training step, and of each layer by its diagnosis.

import { CHARTS } from "./charts.js";
import { withPoint } from "../state/curve.js";
import { locate } from "../base/time.js";

const OF_STEPS = Object.values(CHARTS).flatMap(({ series = [] }) => series.filter(({ tensor }) => tensor));
const OF_LAYERS = Object.entries(CHARTS).filter(([, { quantity }]) => quantity);

/** Curves with what the tensors of a moment hold, each at the beginning of its training step. */
function withMoment(curves, { moment, listing }) {
  const { begin } = locate(listing, moment.t);
  return OF_STEPS.filter(({ tensor }) => moment.has(tensor)).reduce(
    (all, { name, tensor }) => withPoint(all, name, begin, moment.value(tensor)),
    curves,
  );
}

/** Curves with the numbers of each layer that a diagnosis has. */
function withDiagnosis(curves, { t, layers }) {
  const points = layers.flatMap((found) =>
    OF_LAYERS.map(([name, { quantity }]) => ({ name: `${name}.${found.layer}`, text: found[quantity] })),
  );
  return points
    .filter(({ text }) => text !== null && Number.isFinite(Number(text)))
    .reduce((all, { name, text }) => withPoint(all, name, t, Number(text)), curves);
}

/** Keep the store's `curves` in step with its moment and its diagnosis. */
export function keepCurves(store) {
  store.on(["moment"], (state) => {
    if (state.moment) store.set({ curves: withMoment(state.curves, state) });
  });
  store.on(["diagnosis"], ({ curves, diagnosis }) => {
    if (diagnosis) store.set({ curves: withDiagnosis(curves, diagnosis) });
  });
}
