// The points of a data set and the answer to all inputs: a surface over the plane, or a curve over a line.
//
// A view has `data` {inputs, splits, range, heights}, `answer` {shape, values, tone} or null, the moment, the colours, the
// canvas's `size`, and whether the targets are `classes` and the answer is the `output`'s.

import { channels, classColour, classShape, mix } from "../base/colours.js";

/** @import { Answer, Context, Mark, PlaneView, Point, Points, Range } from "./types.js" */
/** @import { Moment, Tensor } from "../base/types.js" */
/** @import { Colours } from "../base/colours.js" */

/** @typedef {Mark & {hollow: boolean, shape: number, current: boolean} & Point} PointMark */

const MOST = 4000; // points of a split that are drawn; of more, some that are evenly spread
const CORNERS = 1.25; // times the radius, from the middle of a diamond to its corners
/** The corners of the shapes of points, from their middles; the first one is a circle. @type {(number[][] | null)[]} */
const SHAPES = [
  null,
  [
    [0, -CORNERS],
    [CORNERS, 0],
    [0, CORNERS],
    [-CORNERS, 0],
  ], // prettier-ignore
  [
    [0, -1.4],
    [1.2, 0.8],
    [-1.2, 0.8],
  ], // prettier-ignore
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ], // prettier-ignore
];

/**
 * The range of some values with room around it, and their least and most.
 *
 * @param {Iterable<number>} values
 * @returns {Range}
 */
export function rangeOf(values) {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const room = Math.max(0.25 * (most - least), 0.25);
  return { low: least - room, high: most + room, least, most };
}

/**
 * The data set of the tensors that hold it, and the ranges in which it lies.
 *
 * @param {Map<string, Tensor>} tensors
 * @param {number} inputs
 * @returns {Points}
 */
export function dataOf(tensors, inputs) {
  const splits = ["training", "held_out"].map((split) => ({
    split,
    x: tensors.get(`x_${split}`),
    y: tensors.get(`y_${split}`),
  }));
  /** @param {"x" | "y"} name */
  const all = (name) => rangeOf(splits.flatMap((split) => [...split[name].data]));
  return { inputs, splits, range: all("x"), heights: all("y") };
}

/**
 * How answers of the output are coloured where targets are classes: around which value, and how far from it the colour is
 * full.
 *
 * @param {number[]} levels what the targets 0 and 1 ask of an output
 */
export const toneBetween = ([low, high]) => ({ centre: (low + high) / 2, reach: (high - low) / 2 });

/**
 * The same for one of several outputs: from the paper at the target 0 to the colour of its class at 1.
 *
 * @param {number[]} levels
 * @param {number} label
 * @returns {Answer["tone"]}
 */
export const toneOfClass = ([low, high], label) => ({
  centre: low,
  reach: high - low,
  ends: ["paper", classColour(label)],
});

/**
 * How the answers of an output are coloured where targets are classes: of one or two outputs between two classes, of more
 * each for its own.
 *
 * @param {number[]} levels
 * @param {number} outputs
 * @param {number} unit
 */
export const toneOfOutput = (levels, outputs, unit) => (outputs > 2 ? toneOfClass(levels, unit) : toneBetween(levels));

/**
 * How far along a range a value lies, 0 to 1.
 *
 * @param {number} value
 * @param {{low: number, high: number}} range
 */
export const shareOf = (value, { low, high }) => (value - low) / (high - low);

/**
 * The heights of a curve: room for the targets and the answer; hidden neurons have a scale of their own.
 *
 * @param {PlaneView} view
 */
function heightsOf({ data, answer, output }) {
  if (!answer) return data.heights;
  return rangeOf([...(output ? [data.heights.least, data.heights.most] : []), ...answer.values]);
}

/**
 * Towards which class's colour an answer leans, and how far from the paper.
 *
 * @returns {[keyof Colours, number]}
 * @param {Answer["tone"]} tone
 * @param {number} value
 */
function leaning({ centre, reach, ends = ["first", "second"] }, value) {
  if (!Number.isFinite(value)) return ["now", 1];
  const part = Math.max(-1, Math.min(1, (value - centre) / reach));
  return [part < 0 ? ends[0] : ends[1], 0.62 * Math.abs(part)];
}

/**
 * The marks of the answer: cells of the surface, or points of the curve.
 *
 * @param {Pick<PlaneView, "data" | "answer" | "colours" | "size">} view
 * @returns {Mark[]}
 */
export function answerMarks({ data, answer, colours, size }) {
  if (!answer) return [];
  const width = answer.shape.at(-1);
  return Array.from(answer.values, (value, i) => {
    if (data.inputs === 1)
      return { kind: "response", tensor: "response", index: [i], value, colour: colours.text, size: 2 };
    const [end, share] = leaning(answer.tone, value);
    return {
      kind: "surface",
      tensor: "response",
      index: [Math.floor(i / width), i % width],
      value,
      colour: mix(colours.paper, colours[end], share),
      size: size / width,
    };
  });
}

/**
 * The examples of the mini-batch, by their inputs.
 *
 * @param {Moment | null} moment
 */
function inBatch(moment) {
  const a0 = moment?.tensor("a0");
  if (!a0) return new Set();
  const [rows, width] = a0.shape;
  return new Set(Array.from({ length: rows }, (_, i) => a0.data.subarray(i * width, (i + 1) * width).join()));
}

/**
 * The class of an example: of one or two outputs the second one where the last is 1, of more the one that is.
 *
 * @param {Float32Array} targets
 */
const classOf = (targets) =>
  targets.length > 2 ? targets.indexOf(Math.max(...targets)) : Number(targets[targets.length - 1] > 0.5);

/**
 * One mark a point; held-out points are hollow, those of the mini-batch ringed. A point shows its class, or its value.
 *
 * @param {PlaneView} view
 * @returns {PointMark[]}
 */
export function pointMarks(view) {
  const { data, moment, colours, size, classes } = view;
  const batch = inBatch(moment);
  const heights = heightsOf(view);
  const many = data.splits[0].x.shape[0] > 20;
  return data.splits.flatMap(({ split, x, y }) => {
    const step = Math.ceil(x.shape[0] / MOST);
    return Array.from({ length: Math.ceil(x.shape[0] / step) || 0 }, (_, place) => {
      const i = place * step;
      const at = x.data.subarray(i * data.inputs, (i + 1) * data.inputs);
      const targets = y.data.subarray(i * y.shape[1], (i + 1) * y.shape[1]);
      const label = classes ? classOf(targets) : 1;
      const last = targets.length > 2 ? label : targets.length - 1;
      const value = targets[last];
      const up = data.inputs === 2 ? shareOf(at[1], data.range) : shareOf(value, heights);
      return {
        kind: "point",
        tensor: `y_${split}`,
        index: [i, last],
        value,
        size: many ? 3 : 6,
        colour: colours[classColour(label)],
        x: shareOf(at[0], data.range) * size,
        y: size * (1 - up),
        hollow: split === "held_out",
        shape: classes ? classShape(label) : 0,
        current: batch.has(at.join()),
      };
    });
  });
}

/**
 * @param {Context} context
 * @param {HTMLCanvasElement} sheet
 * @param {PlaneView} view
 */
function paintSurface(context, sheet, { answer, colours, size }) {
  [sheet.height, sheet.width] = answer.shape;
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(sheet.width, sheet.height);
  const paper = channels(colours.paper);
  /** @type {Partial<Record<keyof Colours, import("../base/colours.js").Channels>>} */
  const known = {};
  answer.values.forEach((value, i) => {
    const [end, share] = leaning(answer.tone, value);
    const full = (known[end] ??= channels(colours[end]));
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = Math.round(paper[c] + (full[c] - paper[c]) * share);
    image.data[4 * i + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0, 0, size, size);
}

/**
 * @param {Context} context
 * @param {PlaneView} view
 */
function paintCurve(context, view) {
  const { answer, colours, size } = view;
  const heights = heightsOf(view);
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  context.beginPath();
  answer.values.forEach((value, i) =>
    context.lineTo((i / (answer.values.length - 1)) * size, size * (1 - shareOf(value, heights))),
  );
  context.stroke();
}

/**
 * Trace the outline of a point: a circle, or of another class a diamond, triangle or square of about the same area.
 *
 * @param {Context} context
 * @param {Pick<PointMark, "x" | "y" | "shape">} mark
 * @param {number} radius
 */
function tracePoint(context, { x, y, shape }, radius) {
  const corners = SHAPES[shape];
  context.beginPath();
  if (!corners) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [across, down] of corners) context.lineTo(x + across * radius, y + down * radius);
  context.closePath();
}

/**
 * @param {Context} context
 * @param {Pick<PointMark, "x" | "y" | "shape" | "size" | "colour" | "hollow" | "current">} mark
 * @param {Colours} colours
 */
export function paintPoint(context, mark, colours) {
  tracePoint(context, mark, mark.size);
  context.fillStyle = mark.hollow ? colours.paper : mark.colour;
  context.strokeStyle = mark.hollow ? mark.colour : colours.paper;
  context.lineWidth = mark.hollow ? 1.3 : 1;
  context.fill();
  context.stroke();
  if (!mark.current) return;
  tracePoint(context, mark, mark.size + 2.2);
  context.strokeStyle = colours.text;
  context.lineWidth = 1.2;
  context.stroke();
}

/** A painter of planes, which keeps a sheet of pixels for the surface. */
export function createPlanePainter() {
  const sheet = document.createElement("canvas");
  return (/** @type {Context} */ context, /** @type {PlaneView} */ view) => {
    const { data, answer, colours, size } = view;
    context.clearRect(0, 0, size, size);
    if (answer && data.inputs === 2) paintSurface(context, sheet, view);
    if (data.inputs === 2 || view.output) for (const mark of pointMarks(view)) paintPoint(context, mark, colours);
    if (answer && data.inputs === 1) paintCurve(context, view);
  };
}
