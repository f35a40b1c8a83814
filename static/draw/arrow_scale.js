// How long an arrow is: by the decades of its number, or in proportion to it. And the ruler that shows the decades.

import { roundScale } from "../base/numbers.js";

/** @import { ArrowScale, Layout } from "./types.js" */

export const ARROW_SCALES = ["decades", "linear"];
const [FEWEST, MOST] = [2, 8]; // decades from the longest arrow to the shortest

/**
 * The scale of arrows whose largest number is `largest`. A scale by decades spans as many as there are between that and
 * the smallest of the tensors' root mean squares, `typical`.
 *
 * @param {string} name
 * @param {number} largest
 * @param {number[]} typical
 * @returns {ArrowScale}
 */
export function arrowScale(name, largest, typical) {
  if (name === "linear" || !(largest > 0)) return { name, full: roundScale(largest), decades: FEWEST };
  const smallest = Math.min(largest, ...typical.filter((value) => value > 0));
  const decades = Math.max(FEWEST, Math.min(MOST, Math.ceil(Math.log10(largest / smallest))));
  return { name, full: largest, decades };
}

/**
 * The share of an arrow's way from the least visible length to the full one, at most 1; below 0 for numbers that are
 * smaller than those of the last decade.
 *
 * @param {ArrowScale} scale
 * @param {number} value
 */
export function arrowShare({ name, full, decades }, value) {
  const part = Math.min(1, Math.abs(value) / full);
  return name === "linear" ? part : 1 + Math.log10(part) / decades;
}

/**
 * The length of a number's arrow in CSS pixels. By decades 0 has none.
 *
 * @param {ArrowScale} scale
 * @param {Layout["arrow"]} arrow
 * @param {number} value
 */
export function arrowLength(scale, { least, span }, value) {
  if (!Number.isFinite(value)) return least;
  const share = arrowShare(scale, value);
  return share === -Infinity ? 0 : least + span * Math.max(0, share);
}

/**
 * The bars of the ruler, from the longest: the largest number, and each power of ten that has a length of its own.
 *
 * @param {ArrowScale} scale
 * @param {Layout["arrow"]} arrow
 */
export function rulerOf(scale, arrow) {
  if (scale.name === "linear") return [];
  const first = Math.floor(Math.log10(scale.full));
  const powers = Array.from({ length: scale.decades + 1 }, (_, i) => Number(`1e${first - i}`));
  const values = [scale.full, ...powers.filter((power) => power < scale.full && arrowShare(scale, power) >= 0)];
  return values.map((value) => ({ value, length: arrowLength(scale, arrow, value) }));
}
