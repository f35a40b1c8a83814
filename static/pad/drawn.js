// What is on the pad as one short text: a stroke by the steps of its pen, a picture by its inked pixels.

import { numbersOf, signed, unsigned, written } from "../base/digits64.js";
import { GRID, PENS } from "./strokes.js";

const PIXELS = 784;
const WIDTHS = Object.values(PENS);
const [BETWEEN, PICTURE] = [".", "p"]; // items; and a picture's first letter, where a stroke has its pen's number

/** The points of a stroke, each as its step from the one before, in the grid's units. */
function strokeText({ points, width }) {
  let [x, y] = [0, 0];
  const steps = points.flatMap((point) => {
    const step = [Math.round(point.x * GRID) - x, Math.round(point.y * GRID) - y];
    [x, y] = [x + step[0], y + step[1]];
    return step;
  });
  return `${WIDTHS.indexOf(width)}${written(steps.map(unsigned))}`;
}

/** A picture: its label + 1, or 0 without a label; then runs of pixels: the number of empty ones, of inked ones, their values. */
function pictureText({ picture, label }) {
  const numbers = [label == null ? 0 : label + 1];
  for (let k = 0; k < PIXELS; ) {
    const inked = picture.findIndex((byte, i) => i >= k && byte);
    const start = inked < 0 ? PIXELS : inked;
    const empty = picture.findIndex((byte, i) => i >= start && !byte);
    const end = empty < 0 ? PIXELS : empty;
    numbers.push(start - k, end - start, ...picture.subarray(start, end));
    k = end;
  }
  return `${PICTURE}${written(numbers)}`;
}

function strokeOf(text) {
  const width = WIDTHS[text[0]];
  const steps = numbersOf(text.slice(1)).map(signed);
  if (!width || !steps.length || steps.length % 2) throw new Error(`no stroke: '${text}'`);
  const points = [];
  for (let [i, x, y] = [0, 0, 0]; i < steps.length; i += 2) {
    [x, y] = [x + steps[i], y + steps[i + 1]];
    points.push({ x: x / GRID, y: y / GRID });
  }
  return { points, width };
}

function pictureOf(text) {
  const [label, ...runs] = numbersOf(text.slice(1));
  const bytes = [];
  for (let i = 0; i < runs.length; ) {
    const [empty, inked] = [runs[i], runs[i + 1]];
    const pixels = runs.slice(i + 2, i + 2 + inked);
    if (empty > PIXELS || pixels.length !== inked || pixels.some((byte) => byte > 255)) throw new Error("no picture");
    bytes.push(...Array(empty).fill(0), ...pixels);
    i += 2 + inked;
  }
  if (label > 10 || bytes.length !== PIXELS) throw new Error("no picture");
  return { picture: Uint8Array.from(bytes), label: label ? label - 1 : null };
}

/** What is on the pad, the oldest first, as text; "" where there is nothing. */
export const textOf = (items) =>
  items.map((item) => (item.picture ? pictureText(item) : strokeText(item))).join(BETWEEN);

/** The drawings of a text; the inverse of `textOf`. Throws where the text is invalid. */
export const itemsOf = (text) =>
  text ? text.split(BETWEEN).map((item) => (item[0] === PICTURE ? pictureOf(item) : strokeOf(item))) : [];

/** How a scene holds it. */
export const DRAWN = {
  plain: textOf,
  value: (text) => itemsOf(String(text)),
  fits: Array.isArray,
};
