// What the chart can show: the loss, and all else that tells how the training goes. Each chart is a list of series.

import { earlierCurves } from "./earlier.js";
import { evaluationSummary } from "./summary.js";
import { mix } from "../base/colours.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";

/**
 * A line. With a `tensor` its points are the values of that tensor at each training step.
 *
 * @typedef {object} Series
 * @property {string} name of its curve, and of its words
 * @property {string} [tensor]
 * @property {string} colour
 * @property {number} width
 * @property {number} [opacity]
 * @property {string} [dash]
 * @property {string} [axis]
 */

/**
 * What a chart shows. It has its series, or else a line for each layer: by a number of the layer's diagnosis over the
 * training steps, or by a histogram of it at the moment that is shown.
 *
 * @typedef {object} Chart
 * @property {Series[]} [series]
 * @property {string} [quantity] the number of each layer's diagnosis
 * @property {string} [histogram] the histogram of each layer's diagnosis
 * @property {boolean} [share] whether the values are shares of 1
 * @property {boolean} [logarithmic] whether the axis usually is
 * @property {(segment: any) => number | null} [limit] of the values: a line across
 * @property {(state: any) => {name: string, points: {step: number, value: number}[]}[]} [earlier] the same of the run before
 * @property {(state: any) => HTMLElement[]} [summary] what stands above the chart, instead of a sentence about it
 */

const LOSS = [
  { name: "mini_batch.loss", tensor: "loss", colour: "line", width: 1, opacity: 0.55 },
  { name: "training.loss", colour: "text", width: 1.8 },
  { name: "held_out.loss", colour: "text", width: 1.8, dash: "dash" },
  { name: "penalty", tensor: "penalty", colour: "text", width: 1.3, dash: "dot" },
  { name: "training.accuracy", colour: "accuracy", width: 1.5, axis: "y2" },
  { name: "held_out.accuracy", colour: "accuracy", width: 1.5, dash: "dash", axis: "y2" },
];

/** The charts by name, in the order in which they are offered. @type {Record<string, Chart>} */
export const CHARTS = {
  loss: { series: LOSS, earlier: earlierCurves, summary: evaluationSummary },
  learning_rate: { series: [{ name: "learning_rate", tensor: "learning_rate", colour: "text", width: 1.6 }] },
  norm: {
    series: [{ name: "norm", tensor: "norm", colour: "text", width: 1.3 }],
    limit: ({ experiment }) => experiment.clip_norm,
  },
  gradient_rms: { quantity: "gradient_rms", logarithmic: true },
  update_ratio: { quantity: "update_ratio", logarithmic: true },
  dead: { quantity: "dead", share: true },
  saturated: { quantity: "saturated", share: true },
  activations: { histogram: "activation_histogram" },
  gradients: { histogram: "gradient_histogram" },
};

/** The series of a chart: its own, or one a layer, from the first layer's pale to the output's full ink. */
const seriesOf = (name, { listing }, colours) =>
  CHARTS[name].series ??
  listing.sizes.slice(1).map((_, i, { length }) => ({
    name: `${name}.${i + 1}`,
    layer: i + 1,
    width: 1.6,
    ink: mix(colours.accuracy, colours.first, length > 1 ? i / (length - 1) : 1),
  }));

/** The points of a series: training steps and values, null where a value is no number. */
function curveOf(state, name) {
  const points = state.curves[name] ?? [];
  return {
    x: points.map(({ t }) => stepsAt(state.listing, t)),
    y: points.map(({ value }) => (Number.isFinite(value) ? value : null)),
  };
}

const FARTHEST = 1e12; // what is beyond, where a run explodes, is too far off any axis for a point to be placed

/**
 * How measured points are shown: as points too where training steps lie between them, of which a line alone would seem
 * to know.
 *
 * @param {number[]} x
 * @param {(number | null)[]} y
 */
function modeOf(x, y) {
  if (y.some((value) => Math.abs(value ?? 0) > FARTHEST)) return "lines";
  if (x.length < 2) return "markers";
  return x.some((step, i) => i > 0 && step - x[i - 1] > 1) ? "lines+markers" : "lines";
}

/**
 * Whether there is nothing but 0 in the traces, which a logarithmic axis cannot show and a linear one hides.
 *
 * @param {{y: (number | null)[]}[]} drawn
 */
export const isZero = (drawn) => drawn.length > 0 && drawn.every(({ y }) => y.every((value) => value === 0));

/**
 * A histogram as a line: the middle of each bin, and the share of values in it.
 *
 * @param {any} state
 * @param {Chart} chart
 * @param {number} layer
 */
function histogramOf({ diagnosis }, { histogram }, layer) {
  const found = diagnosis?.layers[layer - 1]?.[histogram];
  if (!found) return { x: [], y: [] };
  const { counts, edges } = found;
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  return { x: counts.map((_, i) => (edges[i] + edges[i + 1]) / 2), y: counts.map((count) => count / total) };
}

/** The traces of the run before for plotly, faint. */
function earlierTraces(state, name, colours) {
  return (CHARTS[name].earlier?.(state) ?? []).map((curve) => ({
    name: say(state.words, "series.earlier", { name: say(state.words, `series.${curve.name}`) }),
    x: curve.points.map(({ step }) => step),
    y: curve.points.map(({ value }) => (Number.isFinite(value) ? value : null)),
    yaxis: "y",
    mode: "lines",
    type: "scatter",
    opacity: 0.35,
    line: { color: colours.text, width: 1.4, dash: curve.name === "held_out.loss" ? "dash" : "solid" },
    hovertemplate: "%{y:.4g}",
  }));
}

/** The traces of a chart for plotly. */
export function traces(state, name, colours) {
  return [...ownTraces(state, name, colours), ...earlierTraces(state, name, colours)];
}

function ownTraces(state, name, colours) {
  const chart = CHARTS[name];
  return seriesOf(name, state, colours).flatMap((series) => {
    const { x, y } = chart.histogram ? histogramOf(state, chart, series.layer) : curveOf(state, series.name);
    if (!x.length) return [];
    const colour = series.ink ?? colours[series.colour];
    const title = series.layer
      ? say(state.words, "layer", { layer: series.layer })
      : say(state.words, `series.${series.name}`);
    return {
      name: title,
      x,
      y,
      yaxis: series.axis ?? "y",
      mode: chart.histogram ? "lines" : modeOf(x, y),
      type: "scatter",
      opacity: series.opacity ?? 1,
      line: {
        color: colour,
        width: series.width,
        dash: series.dash ?? "solid",
        shape: chart.histogram ? "hvh" : "linear",
      },
      marker: { color: colour, size: x.length > 60 ? 3 : 5 },
      hovertemplate: series.axis === "y2" || chart.share || chart.histogram ? "%{y:.1%}" : "%{y:.4g}",
    };
  });
}

/** Every point that a chart draws, as a mark. */
export function marksOf(state, name, colours) {
  const chart = CHARTS[name];
  const earlier = chart.earlier?.(state) ?? [];
  const faint = earlier.flatMap((curve) =>
    curve.points.map(({ step, value }) => ({
      kind: "earlier",
      tensor: curve.name,
      index: [step],
      value,
      colour: colours.text,
      size: 1.4,
    })),
  );
  const own = seriesOf(name, state, colours).flatMap((series) => {
    const look = { colour: series.ink ?? colours[series.colour], size: series.width };
    if (!chart.histogram)
      return (state.curves[series.name] ?? []).map(({ t, value }) => ({
        kind: "curve",
        tensor: series.name,
        index: [t],
        value,
        ...look,
      }));
    const counts = state.diagnosis?.layers[series.layer - 1]?.[chart.histogram]?.counts ?? [];
    return counts.map((value, bin) => ({ kind: "histogram", tensor: series.name, index: [bin], value, ...look }));
  });
  return [...own, ...faint];
}
