// What a chart shows as a table: a row for each moment that has a point, or for each bin of a histogram.

import { csvOf } from "../base/csv.js";
import { stepsAt } from "../base/time.js";
import { CHARTS } from "./charts.js";

/** The names of a chart's curves: its own, or one a layer. */
const namesOf = (name, { listing }) =>
  CHARTS[name].series?.map((series) => series.name) ?? listing.sizes.slice(1).map((_, i) => `${name}.${i + 1}`);

/** The bins of a histogram chart, of each layer. */
function binsOf({ diagnosis }, name) {
  const head = ["layer", "from", "to", "count"];
  const rows = (diagnosis?.layers ?? []).flatMap((layer, i) => {
    const { counts, edges } = layer[CHARTS[name].histogram] ?? { counts: [], edges: [] };
    return counts.map((count, bin) => [i + 1, edges[bin], edges[bin + 1], count]);
  });
  return rows.length ? [head, ...rows] : null;
}

/** The points of a chart's curves: t, the training steps done by then, and the value of each curve that has one there. */
function pointsOf(state, name) {
  const { curves, listing } = state;
  const there = namesOf(name, state).filter((each) => curves[each]?.length);
  /** @type {Map<number, Record<string, number>>} */
  const rows = new Map();
  for (const each of there) for (const { t, value } of curves[each]) rows.set(t, { ...rows.get(t), [each]: value });
  const moments = [...rows.keys()].toSorted((one, other) => one - other);
  const lines = moments.map((t) => [t, stepsAt(listing, t), ...there.map((each) => rows.get(t)[each])]);
  return there.length ? [["t", "training_step", ...there], ...lines] : null;
}

/** The rows of a chart's table, its heads first; null where it shows nothing. */
export const rowsOf = (state, name) => (CHARTS[name].histogram ? binsOf(state, name) : pointsOf(state, name));

/** The tables of all charts that show something. @returns {import("../base/feature.js").Table[]} */
export const tablesOf = (state) =>
  Object.keys(CHARTS).flatMap((name) => {
    const rows = rowsOf(state, name);
    return rows ? [{ name, word: `chart.${name}`, csv: () => csvOf(rows) }] : [];
  });
