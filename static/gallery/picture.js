// The picture of an example, of numbers of a run of it: at the left its data or a number of each layer, at the right its
// losses over the training steps.

import { shownIn } from "../base/dom.js";
import { CHARTS } from "../charts/charts.js";
import { expand, paintPicture } from "../draw/pictures.js";

/** @import { Colours } from "../base/colours.js" */

/**
 * Some examples of a data set: the grey values of each in base64 where they are pictures, else inputs and a target.
 *
 * @typedef {{looks: string, classes?: boolean, x: any[], y?: number[]}} Data
 */

/**
 * `chance` is the loss of the best answer that is the same for all inputs. `layers` has the `quantity` of a diagnosis,
 * layer by layer; a picture without them shows `data`.
 *
 * @typedef {{loss: number[], held_out?: number[], chance: number, quantity?: string, layers?: number[], data?: Data}} Picture
 */

/**
 * A place is in pixels of the page.
 *
 * @typedef {{kind: string, tensor: string, index: number[], value: number, colour: string, size: number, x: number, y: number}} Mark
 */

const [WIDTH, HEIGHT] = [132, 60]; // in pixels of the page
const DATA = { left: 0, width: 60 }; // the left half
const LOSS = { left: 68, width: 64 }; // and the right one
const [INSET, INSET_OF_FEW] = [6, 14]; // what stays free in both, around points and curves; around few points more
const DIGIT = 28; // the side of a picture
const FEW = 8; // so many examples are larger points
const BYTE = 255;

/**
 * How far along from the least to the most a value lies, 0 to 1; in the middle where there is only one.
 *
 * @param {number} value
 * @param {[number, number]} range
 */
const shareOf = (value, [least, most]) => (most > least ? (value - least) / (most - least) : 0.5);

/** @type {(values: number[]) => [number, number]} */
const rangeOf = (values) => [Math.min(...values), Math.max(...values)];

/** The range of the powers of ten of values: at least one power, downwards. @type {(values: number[]) => [number, number]} */
function powersOf(values) {
  const [least, most] = rangeOf(values.map(Math.log10));
  return [Math.min(least, most - 1), most];
}

/**
 * A place in a half, by its shares of what is not free there, from the left and from below.
 *
 * @param {{left: number, width: number}} half
 * @param {number} across
 * @param {number} up
 * @param {number} [inset]
 */
const placeIn = ({ left, width }, across, up, inset = INSET) => ({
  x: left + inset + across * (width - 2 * inset),
  y: HEIGHT - inset - up * (HEIGHT - 2 * inset),
});

/**
 * A mark for each example that is a point.
 *
 * @param {string} name
 * @param {Data} data
 * @param {Colours} colours
 * @returns {Mark[]}
 */
function pointMarks(name, { looks, classes, x, y }, colours) {
  const heights = looks === "line" ? y : x.map((inputs) => inputs[1]);
  const [across, up] = [rangeOf(x.map(([first]) => first)), rangeOf(heights)];
  const [size, inset] = x.length > FEW ? [2.6, INSET] : [8, INSET_OF_FEW];
  return x.map(([first], i) => ({
    kind: "example",
    tensor: `${name}.y`,
    index: [i],
    value: y[i],
    colour: classes && y[i] <= 0.5 ? colours.first : colours.second,
    size,
    ...placeIn(DATA, shareOf(first, across), shareOf(heights[i], up), inset),
  }));
}

/**
 * The pictures among the examples, each with a place.
 *
 * @param {string} name
 * @param {Data} data
 */
const picturesOf = (name, { x }) =>
  x.map((text, row) => ({
    kind: /** @type {"ink"} */ ("ink"),
    tensor: `${name}.x`,
    row,
    data: Float32Array.from(atob(text), (letter) => letter.charCodeAt(0) / BYTE),
    scale: 1,
    sign: 1,
    side: DIGIT,
    x: (row % 2) * (DATA.width - DIGIT),
    y: Math.floor(row / 2) * (HEIGHT - DIGIT),
  }));

/**
 * A mark for each layer, the top of a bar.
 *
 * @param {string} name
 * @param {Picture} picture
 * @param {Colours} colours
 * @returns {Mark[]}
 */
function layerMarks(name, { quantity, layers }, colours) {
  const { share } = CHARTS[quantity];
  const known = layers.map((value, i) => ({ value, i })).filter(({ value }) => value !== null);
  const range = share ? /** @type {[number, number]} */ ([0, 1]) : powersOf(known.map(({ value }) => value));
  return known.map(({ value, i }) => ({
    kind: "layer",
    tensor: `${name}.${quantity}`,
    index: [i],
    value,
    colour: colours.accuracy,
    size: 0.6 * (DATA.width / layers.length),
    ...placeIn(DATA, (i + 0.5) / layers.length, shareOf(share ? value : Math.log10(value), range)),
  }));
}

/**
 * A mark for each loss, by its power of ten, and for chance, which is a line across.
 *
 * @param {string} name
 * @param {Picture} picture
 * @param {Colours} colours
 * @returns {Mark[]}
 */
function lossMarks(name, { loss, held_out: heldOut = [], chance }, colours) {
  const all = { chance: chance > 0 ? [chance] : [], held_out: heldOut, loss };
  const range = powersOf(Object.values(all).flat());
  return Object.entries(all).flatMap(([kind, values]) =>
    values.map((value, i) => ({
      kind,
      tensor: `${name}.${kind}`,
      index: [i],
      value,
      colour: kind === "chance" ? colours.line : colours.text,
      size: kind === "chance" ? 1 : 2,
      ...placeIn(LOSS, i / (loss.length - 1), shareOf(Math.log10(value), range)),
    })),
  );
}

/** Whether the examples of a picture are pictures. @param {Picture} picture */
const showsPictures = ({ data }) => data?.looks === "picture";

/**
 * All marks of an example's picture, but the pixels of pictures.
 *
 * @param {string} name
 * @param {Picture} picture
 * @param {Colours} colours
 */
function linesAndPoints(name, picture, colours) {
  const { layers, data } = picture;
  const own = layers
    ? layerMarks(name, picture, colours)
    : showsPictures(picture)
      ? []
      : pointMarks(name, data, colours);
  return [...own, ...lossMarks(name, picture, colours)];
}

/** All marks of an example's picture. @type {(name: string, picture: Picture, colours: Colours) => object[]} */
export const marksOf = (name, picture, colours) => [
  ...linesAndPoints(name, picture, colours),
  ...(showsPictures(picture) ? picturesOf(name, picture.data).flatMap((each) => expand(each, colours)) : []),
];

/**
 * A line through marks, in their colour.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Mark[]} marks
 * @param {number[]} [dash]
 */
function paintLine(pen, marks, dash = []) {
  if (!marks.length) return;
  pen.setLineDash(dash);
  Object.assign(pen, { strokeStyle: marks[0].colour, lineWidth: marks[0].size, lineJoin: "round" });
  pen.beginPath();
  for (const { x, y } of marks) pen.lineTo(x, y);
  pen.stroke();
}

/**
 * Draw an example's picture on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 * @param {Picture} picture
 * @param {Colours} colours
 */
export function paint(canvas, name, picture, colours) {
  const pen = shownIn(canvas, WIDTH, HEIGHT);
  pen.imageSmoothingEnabled = false;
  pen.fillStyle = colours.surface;
  pen.beginPath();
  for (const { left, width } of [DATA, LOSS]) pen.roundRect(left, 0, width, HEIGHT, 6);
  pen.fill();
  if (showsPictures(picture)) {
    const sheet = document.createElement("canvas");
    Object.assign(sheet, { width: DIGIT, height: DIGIT });
    for (const each of picturesOf(name, picture.data)) {
      paintPicture(sheet, each, colours);
      pen.drawImage(sheet, each.x, each.y, DIGIT, DIGIT);
    }
  }
  const marks = linesAndPoints(name, picture, colours);
  const of = (/** @type {string} */ kind) => marks.filter((mark) => mark.kind === kind);
  for (const { x, y, size, colour } of of("layer")) {
    pen.fillStyle = colour;
    pen.fillRect(x - size / 2, y, size, HEIGHT - INSET / 2 - y);
  }
  for (const { x, y, size, colour } of of("example")) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, size / 2, 0, 2 * Math.PI);
    pen.fill();
  }
  for (const level of of("chance")) {
    const y = Math.round(level.y) - 0.5; // on whole pixels
    const ends = [LOSS.left + INSET, LOSS.left + LOSS.width - INSET];
    paintLine(
      pen,
      ends.map((x) => ({ ...level, x, y })),
      [2, 3],
    );
  }
  paintLine(pen, of("held_out"), [2.5, 3]);
  paintLine(pen, of("loss"));
}
