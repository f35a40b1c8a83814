// Arrows on weights and biases: up and blue where what they show is positive, down and red where negative; long is urgent.

import { nudgeColour } from "../base/colours.js";
import { arrowLength, arrowShare } from "./arrow_scale.js";
import { BIAS, isRoomy, REACH } from "./labels.js";
import { along, biasPoint, centre, curve } from "./layout.js";
import { brief, signed } from "../base/numbers.js";
import { gatePoint } from "./extras.js";
import { strongest } from "./lines.js";
import { paintOver, typed } from "./type.js";

/** @import { Context, Layout, LineMark, Look, NudgeMark, Point, View } from "./types.js" */

/**
 * Up to how many arrows between two layers all are drawn, and else how many of the strongest.
 *
 * @param {Layout} layout
 */
const crowd = ({ spacing }) => (spacing < 110 ? { all: 16, strongest: 14 } : { all: 64, strongest: 26 });
const HALF = 6; // of a number's height, in CSS pixels of the usual size
const RING = 6; // beyond a neuron's circle
/** Where an arrow's number stands: of a weight after it, of a bias before it and below the bias's own. @type {[CanvasTextAlign, number, number][]} */
const [AFTER, BELOW] = [
  ["left", 9, 4],
  ["right", -9, 16],
];

/**
 * @param {View} view
 * @param {string} tensor
 * @param {number[]} index
 * @param {number} value
 * @param {Point} point
 * @param {boolean} numbered
 * @returns {Omit<NudgeMark, "layer">}
 */
function nudge(view, tensor, index, value, point, numbered) {
  const shown = view.arrows.sign * value;
  const share = arrowShare(view.scales.arrow, value);
  return {
    kind: "nudge",
    tensor,
    index,
    value,
    shown,
    colour: nudgeColour(view.colours, -shown),
    size: arrowLength(view.scales.arrow, view.layout.arrow, value),
    width: (1.3 + 1.9 * Math.max(0, share || 0)) * view.layout.scale,
    hollow: value !== 0 && share < 0,
    ...point,
    numbered,
  };
}

/**
 * @param {View} view
 * @param {number} layer
 * @param {LineMark[]} drawn
 * @returns {NudgeMark[]}
 */
function weightNudges(view, layer, drawn) {
  const {
    moment,
    layout,
    places,
    arrows: { letter },
  } = view;
  const name = `${letter}W${layer}`;
  const cells = drawn.filter((mark) => mark.layer === layer).map(({ index: [j, k] }) => ({ j, k }));
  const crowded = cells.length > crowd(layout).all;
  const chosen = crowded
    ? strongestOf(view, name, layer)
    : cells.map(({ j, k }) => ({ j, k, value: moment.value(name, j, k) }));
  return chosen.map(({ j, k, value }) => {
    const point = crowded
      ? along(curve(layout, layer, j, k), 0.28 + (0.44 * ((j * 7 + k * 11) % 23)) / 23)
      : places[layer].get(`${j},${k}`);
    return {
      ...nudge(
        view,
        name,
        [j, k],
        value,
        { x: point.x, y: point.y },
        isRoomy(layout, chosen.length) && Number.isFinite(value),
      ),
      layer,
    };
  });
}

/**
 * @param {View} view
 * @param {string} name
 * @param {number} layer
 */
function strongestOf(view, name, layer) {
  const shown = {
    ...view,
    moment: {
      has: () => true,
      value: (/** @type {string} */ _, /** @type {number[]} */ ...cell) => view.moment.value(name, ...cell),
    },
  };
  return strongest(shown, layer, crowd(view.layout).strongest, 0);
}

/**
 * Whether the weights and biases of a layer have their numbers beside them.
 *
 * @param {Pick<View, "places">} view
 * @param {number} layer
 */
export const isNumbered = ({ places }, layer) =>
  [...(places[layer]?.values() ?? [])].some(({ label }) => label !== undefined);

/**
 * What shifts a layer's neurons: the bias, or with batch norm, which takes the bias out again, the learned shift.
 *
 * @param {Pick<View, "layers">} view
 * @param {number} layer
 */
export const biasOf = ({ layers }, layer) => `${layers[layer - 1].batch_norm ? "beta" : "b"}${layer}`;

/**
 * Whether the number beside an arrow would run into a neuron that its weight leads to.
 *
 * @param {Layout} layout
 * @param {NudgeMark} mark
 */
const hitsNeuron = (layout, { x, y, layer }) =>
  layout.columns[layer].shown.some((unit) => {
    const neuron = centre(layout, layer, unit);
    return (
      Math.hypot(
        Math.max(0, neuron.x - x - REACH * layout.scale),
        Math.max(0, Math.abs(neuron.y - y) - HALF * layout.scale),
      ) <
      layout.radius + RING * layout.scale
    );
  });

/**
 * Whether the number beside an arrow would run into those of a bias.
 *
 * @param {View} view
 * @param {NudgeMark} mark
 */
const hitsBias = ({ layout, places }, { x, y, layer }) =>
  isNumbered({ places }, layer) &&
  layout.columns[layer].shown.some((unit) => {
    const bias = biasPoint(layout, layer, unit);
    const [across, down] = [(bias.x - x) / layout.scale, (y - bias.y) / layout.scale];
    return across > -BIAS.right && across < REACH + BIAS.left && down > -BIAS.top - HALF && down < BIAS.bottom + HALF;
  });

/**
 * The arrows of all that has been computed of what they show; `drawn` are the lines they may stand on.
 *
 * @param {View} view
 * @param {LineMark[]} drawn
 */
export function nudges(view, drawn) {
  const marks = arrows(view, drawn);
  const { scale } = view.layout;
  for (const mark of marks) {
    /** @param {NudgeMark} other */
    const covered = (other) =>
      other !== mark &&
      other.x > mark.x - 6 * scale &&
      other.x < mark.x + REACH * scale &&
      Math.abs(other.y - mark.y) < 13 * scale;
    if (mark.index.length > 1)
      mark.numbered &&= !marks.some(covered) && !hitsNeuron(view.layout, mark) && !hitsBias(view, mark);
  }
  return marks;
}

/**
 * @param {View} view
 * @param {LineMark[]} drawn
 */
function arrows(view, drawn) {
  const marks = [];
  const {
    moment,
    layout,
    arrows: { letter },
  } = view;
  for (let layer = 1; layer < layout.sizes.length; layer++) {
    if (moment.has(`${letter}W${layer}`)) marks.push(...weightNudges(view, layer, drawn));
    for (const { name, place, numbered } of [
      { name: letter + biasOf(view, layer), place: biasPoint, numbered: isNumbered(view, layer) },
      { name: `${letter}gamma${layer}`, place: gatePoint, numbered: false },
    ]) {
      if (!moment.has(name)) continue;
      for (const unit of layout.columns[layer].shown) {
        marks.push({
          ...nudge(view, name, [unit], moment.value(name, unit), place(layout, layer, unit), numbered),
          layer,
        });
      }
    }
  }
  return marks;
}

/**
 * Paint one arrow; of what is no number, its name.
 *
 * @param {Context} context
 * @param {NudgeMark} mark
 * @param {Pick<Look, "colours" | "font" | "scale">} look
 */
export function paintArrow(context, { x, y, size, width, colour, value, shown, hollow }, look) {
  if (!Number.isFinite(value)) {
    context.fillStyle = look.colours.now;
    context.font = typed(look, 10, "600");
    context.fillText(brief(value), x, y + 3 * look.scale);
    return;
  }
  context.fillStyle = colour;
  if (!size) return;
  if (value === 0) {
    context.beginPath();
    context.arc(x, y, 1.5, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  const way = shown > 0 ? -1 : 1; // screen y grows downwards
  const head = Math.min(size * 0.62, 3.4 + width * 2);
  const half = Math.min(size * 0.42, 2 + width * 1.15);
  if (!hollow) context.fillRect(x - width / 2, y - (way * size) / 2, width, way * (size - head * 0.8));
  context.beginPath();
  context.moveTo(x - half, y + way * (size / 2 - head));
  context.lineTo(x + half, y + way * (size / 2 - head));
  context.lineTo(x, y + (way * size) / 2);
  if (!hollow) return context.fill();
  context.closePath();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
}

/**
 * Paint the arrows; those in `growing` have just been computed and are a share of their way to full length.
 *
 * @param {Context} context
 * @param {NudgeMark[]} marks
 * @param {Look} look
 * @param {Set<string>} growing
 * @param {number} share
 */
export function paintNudges(context, marks, look, growing, share) {
  const { colours, scale } = look;
  context.textAlign = "center";
  for (const mark of marks) {
    const part = growing.has(mark.tensor) ? share : 1;
    if (part <= 0.02) continue;
    const shown = { ...mark, size: mark.size * part };
    paintRim(context, shown, colours.paper);
    paintArrow(context, shown, look);
    if (!mark.numbered || part < 1) continue;
    context.font = typed(look, 11);
    const [align, across, down] = mark.index.length > 1 ? AFTER : BELOW;
    context.textAlign = align;
    paintOver(context, signed(mark.shown), { x: mark.x + across * scale, y: mark.y + down * scale }, look);
    context.textAlign = "center";
  }
}

/**
 * A rim of paper behind an arrow, so that it stands out from the lines.
 *
 * @param {Context} context
 * @param {NudgeMark} mark
 * @param {string} paper
 */
function paintRim(context, { x, y, size, width, value }, paper) {
  if (!Number.isFinite(value) || value === 0) return;
  context.fillStyle = paper;
  context.fillRect(x - width / 2 - 1.5, y - size / 2, width + 3, size);
}
