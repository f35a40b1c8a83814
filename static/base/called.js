// What the inputs and outputs of a run are called, where its data have names: columns, classes, the target.

import { say } from "./words.js";

/**
 * @typedef {{sizes: number[], kind: string, classes?: string[], columns?: string[], target?: string}} Named what a listing
 *   says of the names of its data
 */

/**
 * The names of the outputs: of classes those of the classes, of which a single output has the second one; of values that of
 * the target. Empty where they have none.
 *
 * @param {Named} listing
 * @returns {string[]}
 */
export function outputNames({ sizes, kind, classes = [], target = "" }) {
  if (kind !== "classes") return target ? [target] : [];
  return sizes.at(-1) === 1 ? classes.slice(1, 2) : classes;
}

/**
 * The name of an input or an output; null where it is its number, and of neurons in between.
 *
 * @param {Named} listing
 * @param {number} layer
 * @param {number} unit
 */
export function nameOf(listing, layer, unit) {
  const depth = listing.sizes.length - 1;
  const name = layer === 0 ? listing.columns?.[unit] : layer === depth ? outputNames(listing)[unit] : null;
  return name === String(unit) ? null : (name ?? null);
}

/**
 * An input or a neuron by its number, and by its name where it has one.
 *
 * @param {import("./words.js").Words} words
 * @param {Named} listing
 * @param {number} layer
 * @param {number} unit
 */
export function unitTitle(words, listing, layer, unit) {
  const title = say(words, layer ? "why.neuron" : "why.input", { layer, unit });
  const name = nameOf(listing, layer, unit);
  return name === null ? title : `${title} · ${name}`;
}
