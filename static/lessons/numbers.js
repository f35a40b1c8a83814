// The numbers of a lesson's prose: which ones a step asks for, and how they are written.

import { brief, count, fixed, signed } from "../base/numbers.js";
import { percent } from "../base/words.js";

/** @import { Words } from "../base/words.js" */

/**
 * @typedef {number | boolean | null} Value what an expression has come to; null where that is not computed yet
 * @typedef {Record<string, any>} Part of prose, as the server has read it
 */

/** @param {Part[]} parts @returns {string[]} */
const inParts = (parts) =>
  parts.flatMap(({ value, emphasis, words }) => (value === undefined ? inParts(emphasis ?? words ?? []) : [value]));

/** @param {Part[]} blocks */
const inBlocks = (blocks) => blocks.flatMap(({ paragraph, list }) => inParts(paragraph ?? list.flat()));

/**
 * All expressions of a step, each once: those of its prose and its notes, and those that are to become true.
 *
 * @param {{body: Part[], task: Part[] | null, until: Part[], notes?: Part[]}} step
 */
export function expressionsOf({ body, task, until, notes = [] }) {
  const conditions = until.flatMap((each) => each.true ?? []);
  return [...new Set([...inBlocks(body), ...inParts(task ?? []), ...inBlocks(notes), ...conditions])];
}

/**
 * A number as its format says: ".2f" with two decimals, "+.2f" with its sign in any case, "d" whole, ".1%" in per cent, and
 * without one in the digits that count.
 *
 * @param {Value | undefined} value
 * @param {string} format
 * @param {Words} words
 */
export function written(value, format, words) {
  const number = typeof value === "string" ? Number(value) : value; // JSON has no NaN, so it comes as a text
  const [, sign, digits, unit] = format.match(/^(\+?)(?:\.(\d))?([f%d]?)$/) ?? [];
  if (typeof number !== "number" || !Number.isFinite(number)) return brief(/** @type {any} */ (number));
  if (!unit) return (sign ? signed : brief)(number);
  const size = Math.abs(number);
  const text =
    unit === "%" ? percent(words, size, Number(digits)) : unit === "d" ? count(Math.round(size)) : fixed(size, +digits);
  const isZero = !/[1-9]/.test(text);
  return `${number < 0 && !isZero ? "−" : sign && !isZero ? "+" : ""}${text}`;
}
