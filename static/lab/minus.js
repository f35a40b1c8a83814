// A moment less another one: the same tensors, element by element, as far as both have them in one shape.

import { Moment } from "../ask/frame.js";

const NOT_COMPARED = ["y", "loss"]; // targets are not computed, and a loss of less than nothing would tell nothing

/** @type {(one: number[], other: number[]) => boolean} */
const alike = (one, other) => one.length === other.length && one.every((size, i) => size === other[i]);

/**
 * What the elements of `one` are more than those of `other`.
 *
 * @param {Moment} one
 * @param {Moment} other
 */
export function minus(one, other) {
  const tensors = new Map();
  for (const [name, { shape, data }] of one.frame.tensors) {
    const beside = other.tensor(name);
    if (!beside || NOT_COMPARED.includes(name) || !alike(shape, beside.shape)) continue;
    tensors.set(name, {
      shape,
      data: data.map((/** @type {number} */ value, /** @type {number} */ i) => value - beside.data[i]),
    });
  }
  return new Moment({ ...one.frame, examples: one.examples, tensors }, one.axes, one.updates);
}

/**
 * Whether two runs at these moments can be compared element by element: their layers have the same widths, and the same
 * parts of them are there.
 *
 * @param {number[]} sizes
 * @param {Moment} one
 * @param {number[]} others
 * @param {Moment} other
 */
export const comparable = (sizes, one, others, other) =>
  alike(sizes, others) && JSON.stringify(one.frame.units) === JSON.stringify(other.frame.units);
