// Weights as lines: thick by |w|, dashed where negative.

import { curve } from "./layout.js";

/** @import { Context, LineMark, Path, View } from "./types.js" */

/** @typedef {{j: number, k: number, value: number | undefined}} Weight The one from neuron k to neuron j of a layer. */

const ALL = 130; // up to so many connections between two layers, all are drawn
const STRONGEST = 70;
const DASHES = [9, 5]; // long ones: each costs as much as a line

/**
 * The weights of a layer that are drawn, strongest first: [{j, k, value}].
 *
 * @param {{moment: Pick<View["moment"], "has" | "value">, layout: View["layout"]}} view
 * @param {number} layer
 * @param {number} [most]
 * @param {number} [all]
 * @returns {Weight[]}
 */
export function strongest(view, layer, most = STRONGEST, all = ALL) {
  const { moment, layout } = view;
  const [to, from] = [layout.columns[layer], layout.columns[layer - 1]];
  if (!to || !from || !moment.has(`W${layer}`)) return [];
  const found = [];
  for (const j of to.shown) {
    for (const k of from.shown) found.push({ j, k, value: moment.value(`W${layer}`, j, k) });
  }
  if (found.length <= all) return found;
  return found.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, most);
}

/**
 * How thick a weight's line is: a least visible width, plus a part in proportion to |w|.
 *
 * @param {Pick<View, "layout" | "scales">} view
 * @param {number | undefined} value
 */
export function lineSize({ layout, scales }, value) {
  return (
    layout.line.least + layout.line.span * (Number.isFinite(value) ? Math.min(1, Math.abs(value) / scales.weight) : 1)
  );
}

/**
 * @param {View} view
 * @param {number} layer
 * @param {Weight} weight
 * @returns {LineMark}
 */
export function lineMark(view, layer, { j, k, value }) {
  const { layout, colours } = view;
  const finite = Number.isFinite(value);
  return {
    kind: "weight",
    tensor: `W${layer}`,
    index: [j, k],
    value,
    colour: finite ? colours.line : colours.now,
    size: lineSize(view, value),
    dashed: value < 0,
    path: curve(layout, layer, j, k),
    label: (finite && view.places[layer]?.get(`${j},${k}`)?.label) || null,
    layer,
  };
}

/**
 * The marks of all drawn weights, but for those shown as pictures.
 *
 * @param {View} view
 */
export function lines(view) {
  const marks = [];
  for (let layer = 1; layer < view.layout.sizes.length; layer++) {
    for (const found of strongest(view, layer)) marks.push(lineMark(view, layer, found));
  }
  return marks;
}

/**
 * @param {Context} context
 * @param {Path} path
 */
export function traceCurve(context, [x0, y0, x1, y1]) {
  const middle = (x0 + x1) / 2;
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
}

/**
 * @param {Context} context
 * @param {LineMark[]} marks
 * @param {{crowded: boolean}} look
 */
export function paintLines(context, marks, { crowded }) {
  for (const mark of marks) {
    context.globalAlpha = crowded ? 0.45 : 0.85;
    context.strokeStyle = mark.colour;
    context.lineWidth = mark.size;
    context.setLineDash(mark.dashed ? DASHES : []);
    traceCurve(context, mark.path);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * What is being computed now runs along the lines into or out of its layer: forward, or backward.
 *
 * @param {Context} context
 * @param {LineMark[]} marks
 * @param {string} colour
 * @param {number} share
 * @param {boolean} backward
 */
export function paintFlow(context, marks, colour, share, backward) {
  if (share >= 1) return;
  context.strokeStyle = colour;
  context.lineCap = "round";
  for (const mark of marks) {
    const [x0, , x1] = mark.path;
    const length = Math.hypot(x1 - x0, mark.path[3] - mark.path[1]) * 1.08;
    context.lineWidth = Math.max(1.4, mark.size * 0.8);
    context.setLineDash([length * 0.22, length * 2]);
    context.lineDashOffset = -length * ((backward ? 1 - share : share) * 1.22 - 0.22);
    context.globalAlpha = 0.9 * (1 - share * 0.4);
    traceCurve(context, mark.path);
    context.stroke();
  }
  context.setLineDash([]);
  context.lineCap = "butt";
  context.globalAlpha = 1;
}
