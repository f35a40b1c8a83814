// The curves of the lanes as paths in a box: pure geometry.

import { stepsAt } from "../base/time.js";
import { examplesAfter } from "./correspond.js";

/** @typedef {{name: string, points: {x: number, y: number}[]}} Line */

/**
 * How far along the axis the moment t of a run is: training steps, examples, or seconds of training, of which a training step
 * takes `seconds`.
 *
 * @param {import("../base/types.js").Listing} listing
 * @param {number} t
 * @param {string} axis
 * @param {number | null} seconds
 */
export function alongAxis(listing, t, axis, seconds) {
  const steps = stepsAt(listing, t);
  if (axis === "examples") return examplesAfter(listing, steps);
  return axis === "seconds" ? steps * (seconds ?? Number.NaN) : steps;
}

/**
 * What the chart spans: {right, low, high}; with a logarithmic scale `low` is above 0. A loss that has diverged does not
 * flatten the others: what is above ten times the largest of the first losses is off the chart.
 *
 * @param {Line[]} lines
 * @param {boolean} logarithmic
 */
export function spanOf(lines, logarithmic) {
  const points = lines.flatMap((line) => line.points).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const first = Math.max(0, ...lines.map((line) => line.points[0]?.y ?? 0).filter(Number.isFinite));
  const shown = points.map(({ y }) => y).filter((y) => !(first > 0) || y <= 10 * first);
  const right = Math.max(...points.map(({ x }) => x), 0) || 1;
  const high = Math.max(...shown, 0) || 1;
  const positive = shown.filter((y) => y > 0);
  return { right, high: logarithmic ? high : 1.05 * high, low: logarithmic ? Math.min(high / 10, ...positive) : 0 };
}

/**
 * The parts of a line that are on the chart, each a list of points in the box {left, top, width, height}. A line ends where
 * its loss is NaN or off the chart.
 *
 * @param {Line} line
 * @param {{right: number, low: number, high: number}} span
 * @param {boolean} logarithmic
 * @param {{left: number, top: number, width: number, height: number}} box
 */
export function partsOf(line, { right, low, high }, logarithmic, box) {
  const place = (/** @type {number} */ y) =>
    logarithmic ? Math.log(Math.max(y, low) / low) / Math.log(high / low || 2) : (y - low) / (high - low);
  /** @type {{x: number, y: number}[][]} */
  const parts = [[]];
  for (const { x, y } of line.points) {
    if (!Number.isFinite(x) || !Number.isFinite(y) || y > high) parts.push([]);
    else parts.at(-1)?.push({ x: box.left + (x / right) * box.width, y: box.top + (1 - place(y)) * box.height });
  }
  return parts.filter((part) => part.length);
}
