// What a layer may have besides its neurons: residual connections, the dropout mask, the scale of batch normalization.

import { nudgeColour } from "../base/colours.js";
import { centre } from "./layout.js";
import { lineSize } from "./lines.js";

/** @import { Context, NormScaleMark, Layout, MaskMark, Point, SkipMark, View } from "./types.js" */
/** @import { Layer } from "../base/types.js" */

/**
 * The drawn units of the layers that have something, each turned into a mark.
 *
 * @template T
 * @param {View} view
 * @param {(layer: Layer) => unknown} has
 * @param {(layer: number, unit: number, at: Point) => T | null} make
 * @returns {T[]}
 */
function each(view, has, make) {
  const marks = [];
  for (const column of view.layout.columns) {
    if (!column?.layer || !has(view.layers[column.layer - 1])) continue;
    for (const unit of column.shown) marks.push(make(column.layer, unit, centre(view.layout, column.layer, unit)));
  }
  return marks.filter(Boolean);
}

/**
 * The residual connections: arcs over the lines. Once the error has come back along one, it has its colour and width.
 *
 * @param {View} view
 * @returns {SkipMark[]}
 */
export function skips(view) {
  const { moment, layout, colours, example, scales, arrows } = view;
  return each(
    view,
    (layer) => layer.residual,
    (layer, unit, to) => {
      const from = centre(layout, layer - 1, unit);
      if (!from) return null;
      const value = moment.value(`da${layer}`, example, unit);
      const part = Number.isFinite(value) ? Math.min(1, Math.abs(value) / scales.delta) : 0;
      return {
        kind: "skip",
        tensor: `da${layer}`,
        index: [example, unit],
        value,
        layer,
        from,
        to,
        radius: layout.radius,
        colour: value === undefined ? colours.line : nudgeColour(colours, -arrows.errors * value),
        size: 1 + 2.4 * part,
      };
    },
  );
}

/**
 * The dropout mask of the example that is shown: 0 where a neuron is left out.
 *
 * @param {View} view
 * @returns {MaskMark[]}
 */
export function masks(view) {
  const { moment, colours, example } = view;
  return each(
    view,
    (layer) => layer.dropout,
    (layer, unit, { x, y }) => {
      const value = moment.value(`mask${layer}`, example, unit);
      return value === undefined
        ? null
        : {
            kind: "mask",
            tensor: `mask${layer}`,
            index: [example, unit],
            value,
            colour: colours.text,
            size: 1,
            x,
            y,
            radius: view.layout.radius,
          };
    },
  );
}

/**
 * Where the scale of a normalized neuron is drawn: a bar before it.
 *
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} unit
 */
export function gatePoint(layout, layer, unit) {
  const { x, y } = centre(layout, layer, unit);
  return { x: x - layout.radius - 8 * layout.scale, y };
}

/**
 * The learned scales: a bar before each normalized neuron, thick by |gamma| as weights are.
 *
 * @param {View} view
 * @returns {NormScaleMark[]}
 */
export function normScales(view) {
  const { moment, colours, layout } = view;
  return each(
    view,
    (layer) => layer.batch_norm,
    (layer, unit) => {
      const value = moment.value(`gamma${layer}`, unit);
      return value === undefined
        ? null
        : {
            kind: "scale",
            tensor: `gamma${layer}`,
            index: [unit],
            value,
            colour: colours.line,
            size: lineSize(view, value),
            dashed: value < 0,
            ...gatePoint(layout, layer, unit),
            reach: layout.radius * 0.8,
            layer,
          };
    },
  );
}

/**
 * @param {Context} context
 * @param {SkipMark} mark
 */
export function traceSkip(context, { from, to, radius }) {
  const height = Math.min(34, 14 + (to.x - from.x) * 0.12);
  context.beginPath();
  context.moveTo(from.x + radius * 0.6, from.y - radius * 0.8);
  context.bezierCurveTo(
    from.x + radius + 10,
    from.y - radius - height,
    to.x - radius - 10,
    to.y - radius - height,
    to.x - radius * 0.6,
    to.y - radius * 0.8,
  );
}

/**
 * @param {Context} context
 * @param {SkipMark[]} marks
 */
export function paintSkips(context, marks) {
  for (const mark of marks) {
    context.strokeStyle = mark.colour;
    context.globalAlpha = mark.value === undefined ? 0.7 : 0.95;
    context.lineWidth = mark.size;
    traceSkip(context, mark);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * @param {Context} context
 * @param {MaskMark[]} marks
 */
export function paintMasks(context, marks) {
  for (const { x, y, radius, colour, value } of marks) {
    if (value !== 0) continue;
    const half = radius * 0.72;
    context.strokeStyle = colour;
    context.lineWidth = 1.8;
    context.beginPath();
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
    context.stroke();
  }
}

/**
 * @param {Context} context
 * @param {NormScaleMark[]} marks
 */
export function paintNormScales(context, marks) {
  for (const { x, y, reach, colour, size, dashed } of marks) {
    context.strokeStyle = colour;
    context.lineWidth = size;
    context.setLineDash(dashed ? [3, 2.5] : []);
    context.beginPath();
    context.moveTo(x, y - reach);
    context.lineTo(x, y + reach);
    context.stroke();
  }
  context.setLineDash([]);
}
