// Neurons: circles filled by activation, with their bias, the halo of their delta, and the target beside outputs.

import { biasPoint, centre, DELTA, RINGS } from "./layout.js";
import { alike, brief, hundredths } from "../base/numbers.js";
import { nudgeColour } from "../base/colours.js";
import { lineSize } from "./lines.js";
import { biasOf, isNumbered } from "./nudges.js";
import { paintOver, typed } from "./type.js";

/** @import { BiasMark, Column, Context, HaloMark, Look, NeuronMark, NeuronView, Point, Scene, TargetMark, View } from "./types.js" */

const PRE_ACTIVATION = "pre-activation";
const [NUMBERS, DECIMALS] = [1.3, 1.5]; // times the least type: the radius from which numbers fit into the circles, and with two decimals
const TARGET = 36; // pixels of the usual size from a circle down to the target

/**
 * @template T
 * @param {Pick<View, "layout">} view
 * @param {(column: Column, unit: number, at: Point) => T | null} make
 * @returns {T[]}
 */
function each(view, make) {
  const marks = [];
  for (const column of view.layout.columns) {
    for (const unit of column?.shown ?? []) marks.push(make(column, unit, centre(view.layout, column.layer, unit)));
  }
  return marks.filter(Boolean);
}

/**
 * One mark a drawn neuron: its activation, or as long as only that is known its pre-activation z, which fills no circle.
 * The value is undefined where neither has been computed.
 *
 * @param {NeuronView} view
 * @returns {NeuronMark[]}
 */
export function neurons(view) {
  const { moment, colours, example, layout, scales } = view;
  return each(view, ({ layer }, unit, { x, y }) => {
    const a = moment.value(`a${layer}`, example, unit);
    const z = a === undefined && layer ? moment.value(`z${layer}`, example, unit) : undefined;
    const value = a ?? z;
    const density =
      z === undefined && Number.isFinite(value) ? Math.min(1, Math.abs(value) / scales.activation[layer]) : 0;
    return {
      kind: z === undefined ? "activation" : PRE_ACTIVATION,
      tensor: z === undefined ? `a${layer}` : `z${layer}`,
      index: [example, unit],
      value,
      colour: colours.ink,
      size: density,
      x,
      y,
      radius: layout.radius,
      layer,
      unit,
    };
  });
}

/**
 * The deltas: a halo as wide as |delta|, in the colour of where z should go, or of delta itself as arrows show gradients.
 *
 * @param {View} view
 * @returns {HaloMark[]}
 */
export function halos(view) {
  const { moment, colours, example, scales, arrows } = view;
  return each(view, ({ layer }, unit, { x, y }) => {
    if (!layer || !moment.has(`delta${layer}`)) return null;
    const value = moment.value(`delta${layer}`, example, unit);
    const part = Number.isFinite(value) ? Math.min(1, Math.abs(value) / scales.delta) : 1;
    return {
      kind: "delta",
      tensor: `delta${layer}`,
      index: [example, unit],
      value,
      colour: nudgeColour(colours, -arrows.errors * value),
      size: (0.8 + 3.2 * part) * view.layout.scale,
      down: arrows.errors * value < 0,
      x,
      y,
      radius: view.layout.radius,
      layer,
    };
  });
}

/**
 * The biases: a short line into each neuron, drawn as a weight is.
 *
 * @param {View} view
 * @returns {BiasMark[]}
 */
export function biases(view) {
  const { moment, colours, layout } = view;
  return each(view, ({ layer }, unit, { x, y }) => {
    const tensor = layer && biasOf(view, layer);
    if (!tensor || !moment.has(tensor)) return null;
    const value = moment.value(tensor, unit);
    return {
      kind: "bias",
      tensor,
      index: [unit],
      value,
      colour: colours.line,
      size: lineSize(view, value),
      dashed: value < 0,
      x,
      y,
      from: biasPoint(layout, layer, unit),
      numbered: isNumbered(view, layer) && Number.isFinite(value),
      layer,
    };
  });
}

/**
 * The targets of the example that is shown, beside the outputs.
 *
 * @param {View} view
 * @returns {TargetMark[]}
 */
export function targets(view) {
  const { moment, colours, example, layout } = view;
  if (!moment.has("y")) return [];
  return each(view, ({ layer }, unit, { x, y }) => {
    if (layer !== layout.sizes.length - 1) return null;
    const value = moment.value("y", example, unit);
    return {
      kind: "target",
      tensor: "y",
      index: [example, unit],
      value,
      colour: colours.text,
      size: 1,
      x,
      y,
      radius: layout.radius,
    };
  });
}

/**
 * The rings of a halo, from the inside: how far each is from the circle, and how wide. What points down has two, so that it
 * is told by its form as well.
 *
 * @param {HaloMark} mark
 * @param {number} scale
 */
function ringsOf({ size, down }, scale) {
  if (!down) return [{ out: size / 2, width: size }];
  const gap = Math.max(1.3 * scale, size / 3);
  const width = Math.max(0.8 * scale, (size - gap) / 2);
  return [width / 2, 1.5 * width + gap].map((out) => ({ out, width }));
}

/**
 * @param {Context} context
 * @param {HaloMark[]} marks
 * @param {number} scale
 * @param {Set<string>} growing
 * @param {number} share
 */
export function paintHalos(context, marks, scale, growing, share) {
  for (const mark of marks) {
    const part = growing.has(mark.tensor) ? share : 1;
    context.globalAlpha = 0.9 * part;
    context.strokeStyle = mark.colour;
    for (const { out, width } of ringsOf(mark, scale)) {
      context.lineWidth = width;
      context.beginPath();
      context.arc(mark.x, mark.y, mark.radius + 3.5 + out + (1 - part) * mark.radius * 0.7, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/**
 * @param {Context} context
 * @param {BiasMark[]} marks
 */
export function paintBiases(context, marks) {
  for (const mark of marks) {
    context.strokeStyle = mark.colour;
    context.lineWidth = mark.size;
    context.setLineDash(mark.dashed ? [3, 2.5] : []);
    context.beginPath();
    context.moveTo(mark.from.x, mark.from.y);
    context.lineTo(mark.x, mark.y);
    context.stroke();
  }
  context.setLineDash([]);
}

/**
 * A minus in a circle too small for its number: there, dashes would look like the teeth of a wheel.
 *
 * @param {Context} context
 * @param {NeuronMark} mark
 * @param {Look["colours"]} colours
 * @param {number} part
 */
function paintMinus(context, { x, y, radius, size }, { ink, paper }, part) {
  context.strokeStyle = size * part > 0.55 ? paper : ink;
  context.lineWidth = Math.max(1.2, radius / 4);
  context.beginPath();
  context.moveTo(x - radius / 2, y);
  context.lineTo(x + radius / 2, y);
  context.stroke();
}

/**
 * @param {Context} context
 * @param {NeuronMark} mark
 * @param {Look} look
 * @param {number} part
 */
function paintCircle(context, mark, { colours, lit, scale, least }, part) {
  const hollow = mark.value === undefined;
  context.beginPath();
  context.arc(mark.x, mark.y, mark.radius, 0, 2 * Math.PI);
  context.fillStyle = colours.paper;
  context.fill();
  context.globalAlpha = mark.size * part;
  context.fillStyle = mark.colour;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = lit.has(mark.tensor) ? colours.now : hollow ? colours.line : colours.ink;
  context.lineWidth = (lit.has(mark.tensor) ? 2.6 : 1.4) * scale;
  const [negative, small] = [mark.kind === "activation" && mark.value < 0, mark.radius < NUMBERS * least];
  context.setLineDash(negative && !small ? [3.2 * scale, 2.6 * scale] : []);
  context.stroke();
  context.setLineDash([]);
  if (negative && small) paintMinus(context, mark, colours, part);
}

/**
 * What stands in the circles, by the marks: the numbers of a layer are written alike, where it is tight with one decimal.
 *
 * @param {NeuronMark[]} marks
 * @param {number} least pixels of the smallest type
 * @returns {Map<NeuronMark, string>}
 */
function textsOf(marks, least) {
  const texts = new Map();
  for (const layer of new Set(marks.map((mark) => mark.layer))) {
    const column = marks.filter((mark) => mark.layer === layer);
    const decimals = column[0].radius < DECIMALS * least ? 1 : 2;
    alike(
      column.map(({ value }) => value),
      decimals,
    ).forEach((text, i) => texts.set(column[i], text));
  }
  return texts;
}

/**
 * Paint the circles; those whose activation has just been computed fill up.
 *
 * @param {Context} context
 * @param {NeuronMark[]} marks
 * @param {Look} look
 * @param {Set<string>} growing
 * @param {number} share
 */
export function paintNeurons(context, marks, look, growing, share) {
  const { colours, font, scale, least } = look;
  context.textAlign = "center";
  const fits = (/** @type {NeuronMark} */ { radius }) => radius >= NUMBERS * least;
  const texts = textsOf(
    marks.filter((mark) => fits(mark) || !Number.isFinite(mark.value)),
    least,
  );
  for (const mark of marks) {
    const part = growing.has(mark.tensor) ? share : 1;
    paintCircle(context, mark, look, part);
    const strange = mark.value !== undefined && !Number.isFinite(mark.value);
    if (!fits(mark) && !strange) continue;
    const size = Math.min(12.5 * scale, Math.max(least, mark.radius * 0.62));
    context.font = `600 ${size}px ${font}`;
    context.fillStyle = strange ? colours.now : mark.size * part > 0.55 ? colours.paper : colours.text;
    const named = mark.kind === PRE_ACTIVATION && fits(mark);
    context.fillText(texts.get(mark), mark.x, mark.y + (named ? 0.76 : 0.36) * size);
    if (!named) continue;
    context.font = `italic ${Math.max(least, 0.88 * size)}px ${font}`;
    context.fillText("z", mark.x, mark.y - 0.28 * size);
  }
}

/**
 * How many pixels of the usual size there are below the circles of a layer, clear of the next one's ring.
 *
 * @param {Look} look
 * @param {{layer: number, radius: number}} mark
 */
const roomBelow = ({ pitches, scale }, { layer, radius }) => (pitches[layer] - 2 * radius) / scale - RINGS;

/**
 * The numbers of weights on their lines, and of biases before theirs, where there is room.
 *
 * @param {Context} context
 * @param {Pick<Scene, "lines" | "biases">} scene
 * @param {Look} look
 */
export function paintParameters(context, scene, look) {
  const { scale } = look;
  context.font = typed(look, 11);
  context.textAlign = "center";
  for (const { value, label } of scene.lines) {
    if (label) paintOver(context, `w ${brief(value)}`, { x: label.x, y: label.y + 4 * scale }, look);
  }
  context.textAlign = "right";
  for (const { value, from, numbered } of scene.biases) {
    if (numbered) paintOver(context, `b ${brief(value)}`, { x: from.x - 9 * scale, y: from.y + 3 * scale }, look);
  }
}

/**
 * A text, or as much of its beginning as there is room for.
 *
 * @param {Context} context
 * @param {string} text
 * @param {number} room pixels
 */
function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let kept = text.slice(0, -1);
  while (kept.length > 1 && context.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

/**
 * A name in one line, or in two where it has several words and no room in one.
 *
 * @param {Context} context
 * @param {string} name
 * @param {number} room pixels
 * @returns {string[]}
 */
function linesOf(context, name, room) {
  const words = name.split(" ");
  if (words.length < 2 || context.measureText(name).width <= room) return [shortened(context, name, room)];
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half), words.slice(half)].map((part) => shortened(context, part.join(" "), room));
}

/**
 * The names of the inputs before their circles, where there is room below each other.
 *
 * @param {Context} context
 * @param {Pick<Scene, "neurons">} scene
 * @param {Look} look
 */
function paintInputs(context, scene, look) {
  const { inputs, scale, least, pitches } = look;
  if (!inputs.length || pitches[0] < least) return;
  context.textAlign = "right";
  context.font = typed(look, 11);
  context.fillStyle = look.colours.muted;
  for (const { layer, unit, x, y, radius } of scene.neurons) {
    if (layer) continue;
    const right = x - radius - 7 * scale;
    const lines = linesOf(context, inputs[unit], right - 3);
    lines.forEach((line, i) => {
      const down = 4 + (i - (lines.length - 1) / 2) * 13;
      context.fillText(line, right, y + down * scale);
    });
  }
}

/**
 * What is written beside the neurons: deltas below, targets beside the outputs, names of inputs and classes.
 *
 * @param {Context} context
 * @param {Scene} scene
 * @param {Look} look
 */
export function paintNotes(context, scene, look) {
  const { colours, classes, scale, least } = look;
  context.textAlign = "center";
  context.font = typed(look, 11);
  context.fillStyle = colours.text;
  for (const mark of scene.halos) {
    if (mark.radius < NUMBERS * least || roomBelow(look, mark) < DELTA) continue;
    context.fillText(`δ ${brief(mark.value)}`, mark.x, mark.y + mark.radius + DELTA * scale);
  }
  paintInputs(context, scene, look);
  context.textAlign = "left";
  for (const mark of scene.neurons) {
    if (!classes.length || mark.layer !== look.depth) continue;
    const target = scene.targets.find(({ index }) => index[1] === mark.unit);
    context.font = typed(look, 14, target?.value ? "700" : "400");
    context.fillStyle = target?.value ? colours.text : colours.muted;
    const [left, end] = [mark.x + mark.radius + 14 * scale, target?.value ? " ◂" : ""];
    const room = look.width - left - 4;
    if (context.measureText(classes[mark.unit] + end).width > room)
      context.font = typed(look, 11, target?.value ? "700" : "400");
    const text = shortened(context, classes[mark.unit], room - context.measureText(end).width);
    context.fillText(`${text}${end}`, left, mark.y + 5 * scale);
  }
  if (!classes.length) paintTargets(context, scene.targets, look);
}

/**
 * The targets: below their outputs where there is room, else beside them.
 *
 * @param {Context} context
 * @param {TargetMark[]} marks
 * @param {Look} look
 */
function paintTargets(context, marks, look) {
  const { scale } = look;
  context.font = typed(look, 11);
  context.fillStyle = look.colours.muted;
  for (const mark of marks) {
    const text = `${look.say("target")} ${hundredths(mark.value)}`;
    const room = roomBelow(look, { ...mark, layer: look.depth });
    const beside = mark.x + mark.radius + 12 * scale;
    const low = room >= TARGET || beside + context.measureText(text).width > look.width;
    context.textAlign = low ? "center" : "left";
    const down = mark.radius + (room >= DELTA ? TARGET : DELTA) * scale;
    context.fillText(text, low ? mark.x : beside, low ? mark.y + down : mark.y + 4 * scale);
  }
}
