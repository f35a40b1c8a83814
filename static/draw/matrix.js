// A grid of values: each cell an element of a tensor, its colour on a scale whose middle is 0.

import { channels, mix, textOn } from "../base/colours.js";
import { brief } from "../base/numbers.js";

/** @import { Context, Grid, Place } from "./types.js" */
/** @import { Channels, Colours } from "../base/colours.js" */

const NAMES = /** @type {const} */ (["now", "up", "down", "ink", "paper"]);
const [LINED, PRINTED, SMALLEST] = [8, 34, 5]; // pixels of a cell with lines around it, of one with its number, of a highlight

const HATCHED = 5; // pixels between two lines of the hatching, at least
/** The sign of what says down, by how cells are coloured. @type {Record<string, number>} */
const DOWN = { against: 1, along: -1 };

/**
 * How a tensor is coloured: by the nudge that it is ("against" it or "along" it), or in plain grey.
 *
 * @param {string} tensor
 * @returns {"along" | "against" | "grey"}
 */
export function colouringOf(tensor) {
  if (/^u(W|b|gamma|beta)\d/.test(tensor)) return "along"; // the update that is applied: up where it is positive
  return /^((mhat|gtilde|[dgcme])(W|b|gamma|beta)|da|df|delta|dztilde)\d/.test(tensor) ? "against" : "grey"; // up where it is negative
}

/**
 * The largest distance from 0 among finite values; 0 where there is none.
 *
 * @param {Iterable<number>} data
 */
export function reach(data) {
  let most = 0;
  for (const value of data) {
    const size = Math.abs(value);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/**
 * A function from a value to its colour, [red, green, blue]: full at ±scale and beyond, `now` where it is not finite.
 *
 * @param {"grey" | "ink" | "against" | "along"} colouring
 * @param {number} scale
 * @param {Colours} colours
 * @returns {(value: number) => number[]}
 */
export function toneOf(colouring, scale, colours) {
  const [now, up, down, ink, paper] = NAMES.map((name) => channels(colours[name]));
  const [high, low] = { against: [down, up], along: [up, down], grey: [ink, paper], ink: [ink, ink] }[colouring];
  const middle = colouring === "grey" ? channels(mix(colours.paper, colours.ink, 0.42)) : paper;
  return (value) => {
    if (!Number.isFinite(value)) return now;
    const part = Math.min(1, Math.abs(value) / scale) ** (high === ink ? 1 : 0.6); // so that small nudges stay visible
    const end = value > 0 ? high : low;
    return middle.map((channel, i) => Math.round(channel + (end[i] - channel) * part));
  };
}

/**
 * How many cells in a row (or column) a painted square stands for: more than one where they are smaller than a pixel.
 *
 * @param {number} pixels
 */
export const pooled = (pixels) => (pixels < 1 ? Math.ceil(1 / pixels) : 1);

/**
 * A grid with the size of its cells and their colours.
 *
 * @typedef {{rows: number, columns: number, data: ArrayLike<number>, width: number, height: number, x: number, y: number,
 *   font: string, tone: (value: number) => number[]}} Painted
 */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Seen The cells that lie on the canvas. */

/**
 * A cell's width and height.
 *
 * @param {number | number[]} cell
 * @returns {number[]}
 */
const sizes = (cell) => (Array.isArray(cell) ? cell : [cell, cell]);

/**
 * Paint a grid. All of `grid` but rows, columns, data and cell may be left out:
 *   rows, columns  how many cells; `data` has their values, row after row
 *   cell           pixels of a cell's side, or [width, height]; from 34 wide on its number is printed in it. Where it is
 *                  less than one, a square stands for `pooled(cell)` cells and shows the value that is farthest from 0
 *   x, y           where its upper left corner is (0, 0); what lies outside the canvas costs nothing
 *   colouring      "grey" (higher is inkier), "ink" (farther from 0 is), "against" (blue below 0, as a gradient's nudge),
 *                  "along" (blue above 0)
 *   scale          the distance from 0 at which a colour is full (the largest there is)
 *   lit            what is lit: a list of {row, column}; without a row all rows are, without a column all columns
 *   font           the family of the numbers
 *
 * @param {Context} context
 * @param {Grid} grid
 * @param {Colours} colours
 */
export function paintMatrix(
  context,
  {
    rows,
    columns,
    data,
    cell,
    x = 0,
    y = 0,
    colouring = "grey",
    scale = reach(data) || 1,
    lit = [],
    font = "sans-serif",
  },
  colours,
) {
  const [width, height] = sizes(cell);
  const grid = { rows, columns, data, width, height, x, y, font, tone: toneOf(colouring, scale, colours) };
  const seen = visible(context, grid);
  context.imageSmoothingEnabled = false;
  if (seen.right > seen.left && seen.bottom > seen.top) paintCells(context, grid, seen);
  context.strokeStyle = colours.rule;
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, columns * width + 1, rows * height + 1);
  if (Math.min(width, height) >= LINED) paintLines(context, grid, seen);
  if (width >= PRINTED && height >= PRINTED / 2) paintNumbers(context, grid, seen);
  else if (colouring in DOWN) paintHatching(context, grid, seen, DOWN[colouring], colours.paper);
  for (const place of lit) paintLit(context, grid, place, colours.now);
}

/**
 * Hatch the cells that say down, so that they are told from those that say up by more than their colour: a line across
 * each, which goes on in the cells aslant of it, and where cells are small across some only.
 *
 * @param {Context} context
 * @param {Pick<Painted, "columns" | "data" | "width" | "height" | "x" | "y">} grid
 * @param {Seen} seen
 * @param {number} down the sign of what says down
 * @param {string} colour
 */
export function paintHatching(
  context,
  { columns, data, width, height, x, y },
  { left, right, top, bottom },
  down,
  colour,
) {
  const side = Math.min(width, height);
  if (side < 1) return;
  const apart = Math.ceil(HATCHED / side);
  context.beginPath();
  for (let row = top; row < bottom; row++) {
    for (let column = left + ((apart - ((row + left) % apart)) % apart); column < right; column += apart) {
      if (!(data[row * columns + column] * down > 0)) continue;
      context.moveTo(x + column * width, y + (row + 1) * height);
      context.lineTo(x + (column + 1) * width, y + row * height);
    }
  }
  context.strokeStyle = colour;
  context.lineWidth = Math.max(0.8, Math.min(side, HATCHED) / 6);
  context.stroke();
}

/**
 * The cell at a point of the context, {row, column}, or null outside the grid.
 *
 * @param {Pick<Grid, "rows" | "columns" | "cell" | "x" | "y">} grid
 * @param {number} pointX
 * @param {number} pointY
 */
export function cellAt({ rows, columns, cell, x = 0, y = 0 }, pointX, pointY) {
  const [width, height] = sizes(cell);
  const [row, column] = [Math.floor((pointY - y) / height), Math.floor((pointX - x) / width)];
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
}

/**
 * The cells that lie on the canvas, in whole squares: from left to right and from top to bottom, the ends left out.
 *
 * @param {Context} context
 * @param {Painted} painted
 * @returns {Seen}
 */
function visible(context, { rows, columns, width, height, x, y }) {
  const { canvas } = context;
  const ratio = context.getTransform().a;
  /**
   * @param {number} start
   * @param {number} pixels
   */
  const first = (start, pixels) => Math.max(0, Math.floor(-start / pixels / pooled(pixels)) * pooled(pixels));
  /**
   * @param {number} start
   * @param {number} pixels
   * @param {number} room
   * @param {number} count
   */
  const last = (start, pixels, room, count) =>
    Math.min(count, Math.ceil((room / ratio - start) / pixels / pooled(pixels)) * pooled(pixels));
  return {
    left: first(x, width),
    right: last(x, width, canvas.width, columns),
    top: first(y, height),
    bottom: last(y, height, canvas.height, rows),
  };
}

/**
 * Cells as the pixels of a sheet, one a square, which is then spread over the grid.
 *
 * @param {Context} context
 * @param {Painted} painted
 * @param {Seen} seen
 */
function paintCells(context, { columns, data, width, height, x, y, tone }, { left, right, top, bottom }) {
  const [across, down] = [pooled(width), pooled(height)];
  const sheet = new OffscreenCanvas(Math.ceil((right - left) / across), Math.ceil((bottom - top) / down));
  const image = new ImageData(sheet.width, sheet.height);
  for (let row = top, at = 0; row < bottom; row += down) {
    for (let column = left; column < right; column += across, at += 4) {
      const value =
        across * down === 1
          ? data[row * columns + column]
          : farthest(data, columns, row, Math.min(bottom, row + down), column, Math.min(right, column + across));
      image.data.set([...tone(value), 255], at);
    }
  }
  sheet.getContext("2d").putImageData(image, 0, 0);
  const [wide, high] = [right - left, bottom - top];
  context.drawImage(
    sheet,
    0,
    0,
    wide / across,
    high / down,
    x + left * width,
    y + top * height,
    wide * width,
    high * height,
  );
}

/**
 * Of a square's cells the value that is farthest from 0; one that is not finite before all others.
 *
 * @param {ArrayLike<number>} data
 * @param {number} columns
 * @param {number} top
 * @param {number} bottom
 * @param {number} left
 * @param {number} right
 */
function farthest(data, columns, top, bottom, left, right) {
  let most = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const value = data[row * columns + column];
      if (value - value !== 0) return value;
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
  }
  return most;
}

/**
 * @param {Context} context
 * @param {Painted} painted
 * @param {Seen} seen
 */
function paintLines(context, { rows, columns, width, height, x, y }, { left, right, top, bottom }) {
  context.beginPath();
  for (let row = Math.max(1, top); row < bottom; row++) context.rect(x, y + row * height - 0.5, columns * width, 0);
  for (let column = Math.max(1, left); column < right; column++)
    context.rect(x + column * width - 0.5, y, 0, rows * height);
  context.stroke();
}

/**
 * @param {Context} context
 * @param {Painted} painted
 * @param {Seen} seen
 */
function paintNumbers(context, { columns, data, width, height, x, y, font, tone }, { left, right, top, bottom }) {
  context.font = `${Math.min(11, width * 0.25)}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  /** @param {string} text */
  const fits = (text) => context.measureText(text).width <= width - 3;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const value = data[row * columns + column];
      context.fillStyle = textOn(tone(value));
      context.fillText(short(value, fits), x + (column + 0.5) * width, y + (row + 0.5) * height + 0.5);
    }
  }
}

/**
 * A number with as many digits as fit, at least one.
 *
 * @param {number} value
 * @param {(text: string) => boolean} fits
 */
function short(value, fits) {
  const rounded = Number.isFinite(value) ? [String(Number(value.toPrecision(2))), value.toExponential(0)] : [];
  return [brief(value), ...rounded].map((text) => text.replaceAll("-", "−").replace("e+", "e")).find(fits) ?? "";
}

/**
 * Where cells begin, and how long they are together: the one at a place, or all.
 *
 * @param {number | null | undefined} place
 * @param {number} count
 * @param {number} pixels of a cell
 * @returns {[start: number, length: number]}
 */
const span = (place, count, pixels) => ((place ?? null) === null ? [0, count * pixels] : [place * pixels, pixels]);

/**
 * The same about the same middle, long enough to be seen.
 *
 * @param {[start: number, length: number]} span
 * @returns {[start: number, length: number]}
 */
const widened = ([start, length]) =>
  length < SMALLEST ? [start + (length - SMALLEST) / 2, SMALLEST] : [start, length];

/**
 * @param {Context} context
 * @param {Painted} painted
 * @param {Place} place
 * @param {string} colour
 */
function paintLit(context, { rows, columns, width, height, x, y }, { row, column }, colour) {
  const [left, wide] = widened(span(column, columns, width));
  const [top, high] = widened(span(row, rows, height));
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x + left, y + top, wide, high);
}
