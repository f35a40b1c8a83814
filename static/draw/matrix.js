// A grid of values: each cell an element of a tensor, its colour on a scale whose middle is 0.

import { channels, mix } from "../colours.js";
import { brief } from "../numbers.js";

const [LINED, PRINTED, SMALLEST] = [8, 34, 5]; // pixels of a cell with lines around it, of one with its number, of a highlight

/** How a tensor is coloured: by the nudge that it is ("against" it or "along" it), or in plain grey. */
export function colouringOf(tensor) {
  if (/^u(W|b|gamma|beta)\d/.test(tensor)) return "along"; // the update that is applied: up where it is positive
  return /^([dgcm](W|b|gamma|beta)|da|df|delta|dztilde)\d/.test(tensor) ? "against" : "grey"; // up where it is negative
}

/** The largest distance from 0 among finite values; 0 where there is none. */
export function reach(data) {
  let most = 0;
  for (const value of data) {
    const size = Math.abs(value);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/** A function from a value to its colour, [red, green, blue]: full at ±scale and beyond, `now` where it is not finite. */
export function toneOf(colouring, scale, colours) {
  const [now, up, down, ink, paper] = ["now", "up", "down", "ink", "paper"].map((name) => channels(colours[name]));
  const [high, low] = { against: [down, up], along: [up, down], grey: [ink, paper] }[colouring];
  const middle = colouring === "grey" ? channels(mix(colours.paper, colours.ink, 0.42)) : paper;
  return (value) => {
    if (!Number.isFinite(value)) return now;
    const part = Math.min(1, Math.abs(value) / scale) ** (colouring === "grey" ? 1 : 0.6); // so that small nudges stay visible
    const end = value > 0 ? high : low;
    return middle.map((channel, i) => Math.round(channel + (end[i] - channel) * part));
  };
}

/** How many cells a side a painted square stands for: more than one where cells are smaller than a pixel. */
export const pooled = (cell) => (cell < 1 ? Math.ceil(1 / cell) : 1);

/**
 * Paint a grid. All of `grid` but rows, columns, data and cell may be left out:
 *   rows, columns  how many cells; `data` has their values, row after row
 *   cell           pixels that a cell is wide and high; from 34 on its number is printed in it. Where it is less than
 *                  one, a square stands for `pooled(cell)` cells a side and shows the value that is farthest from 0
 *   x, y           where its upper left corner is (0, 0)
 *   colouring      "grey" (higher is inkier), "against" (blue below 0, as a gradient's nudge), "along" (blue above 0)
 *   scale          the distance from 0 at which a colour is full (the largest there is)
 *   lit            what is lit: a list of {row, column}; without a row all rows are, without a column all columns
 *   font           the family of the numbers
 */
export function paintMatrix(context, { rows, columns, data, cell, x = 0, y = 0, colouring = "grey", scale = reach(data) || 1, lit = [], font = "sans-serif" }, colours) {
  const tone = toneOf(colouring, scale, colours);
  const [width, height] = [columns * cell, rows * cell];
  const block = pooled(cell);
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet(rows, columns, data, block, tone), 0, 0, columns / block, rows / block, x, y, width, height);
  context.strokeStyle = colours.rule;
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  if (cell >= LINED) paintLines(context, x, y, rows, columns, cell);
  if (cell >= PRINTED) paintNumbers(context, { rows, columns, data, cell, x, y, font }, tone);
  for (const place of lit) paintLit(context, { rows, columns, cell, x, y }, place, colours.now);
}

/** The cell at a point of the context, {row, column}, or null outside the grid. */
export function cellAt({ rows, columns, cell, x = 0, y = 0 }, pointX, pointY) {
  const [row, column] = [Math.floor((pointY - y) / cell), Math.floor((pointX - x) / cell)];
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
}

/** Cells as pixels, one a block of block x block cells. */
function sheet(rows, columns, data, block, tone) {
  const [wide, high] = [Math.ceil(columns / block), Math.ceil(rows / block)];
  const canvas = new OffscreenCanvas(wide, high);
  const image = new ImageData(wide, high);
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const value = block === 1 ? data[row * columns + column] : farthest(rows, columns, data, block, row * block, column * block);
      image.data.set([...tone(value), 255], (row * wide + column) * 4);
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** The value of a block that is farthest from 0; one that is not finite before all others. */
function farthest(rows, columns, data, block, top, left) {
  let most = 0;
  for (let row = top; row < Math.min(rows, top + block); row++) {
    for (let column = left; column < Math.min(columns, left + block); column++) {
      const value = data[row * columns + column];
      if (!Number.isFinite(value)) return value;
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
  }
  return most;
}

function paintLines(context, x, y, rows, columns, cell) {
  context.beginPath();
  for (let row = 1; row < rows; row++) context.rect(x, y + row * cell - 0.5, columns * cell, 0);
  for (let column = 1; column < columns; column++) context.rect(x + column * cell - 0.5, y, 0, rows * cell);
  context.stroke();
}

function paintNumbers(context, { rows, columns, data, cell, x, y, font }, tone) {
  context.font = `${Math.min(12, cell * 0.27)}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column];
      const [red, green, blue] = tone(value);
      context.fillStyle = 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000000" : "#ffffff";
      context.fillText(short(value, (text) => context.measureText(text).width <= cell - 2), x + (column + 0.5) * cell, y + (row + 0.5) * cell + 0.5);
    }
  }
}

/** A number with as many digits as fit. */
function short(value, fits) {
  const texts = [brief(value), ...[2, 1].map((digits) => (Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : ""))];
  return texts.map((text) => text.replaceAll("-", "−")).find(fits) ?? "";
}

function paintLit(context, { rows, columns, cell, x, y }, { row, column }, colour) {
  const side = (place, count) => (place === undefined || place === null ? [0, count * cell] : [place * cell, cell]);
  const widened = ([start, length]) => (length < SMALLEST ? [start + (length - SMALLEST) / 2, SMALLEST] : [start, length]);
  const [[left, width], [top, height]] = [widened(side(column, columns)), widened(side(row, rows))];
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x + left, y + top, width, height);
}
