// The sums of a formula: which of their terms are written, and what stands for the others.

import { math, sign } from "./mathml.js";

/** @typedef {Record<string, number>} Places What each letter that is bound stands for. */

/**
 * The places that are written of a letter that counts so many: all where they are few, of examples the one that is
 * shown, else the one at which the term is the largest.
 *
 * @param {{count: number, few: number, example: number | null, size: (place: number) => number}} letter
 */
export function chosenOf({ count, few, example, size }) {
  if (example !== null) return [count > 1 ? example : 0];
  const all = Array.from({ length: count }, (_, i) => i);
  return count <= few ? all : [all.reduce((best, i) => (size(i) > size(best) ? i : best), 0)];
}

/**
 * Every choice of one place for each letter.
 *
 * @param {string[]} letters
 * @param {number[][]} chosen by letter
 * @returns {Places[]}
 */
export const choices = (letters, chosen) =>
  chosen.reduce(
    (found, own, place) => found.flatMap((each) => own.map((i) => ({ ...each, [letters[place]]: i }))),
    /** @type {Places[]} */ ([{}]),
  );

/**
 * Terms joined by plus signs, with dots for those before and after that are not written; in brackets unless `bare`.
 *
 * @param {Element[][]} terms
 * @param {{before: boolean, after: boolean, bare: boolean}} around
 */
export function joined(terms, { before, after, bare }) {
  const dots = (/** @type {boolean} */ there) => (there ? [[math("mi", "⋯")]] : []);
  const parts = [...dots(before), ...terms, ...dots(after)];
  const sum = parts.flatMap((part, i) => (i ? [sign("+"), ...part] : part));
  return bare || parts.length === 1 ? sum : [sign("("), ...sum, sign(")")];
}
