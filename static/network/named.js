// The neurons that cells are about, by layer: those that are drawn where the stage has not room for all.

import { parameterOf, split } from "../tensor/tensors.js";

/** @typedef {{tensor: string, index?: (number | null)[]}} Named a cell, in which null stands for any */

/**
 * The units of each layer that cells name, those of the first cells first: of a weight both its ends.
 *
 * @param {Named[]} cells
 * @param {number[]} sizes
 */
export function namedUnits(cells, sizes) {
  /** @type {number[][]} */
  const found = sizes.map(() => []);
  for (const { tensor, index = [] } of cells) {
    const [, layer] = split(tensor);
    const places = parameterOf(tensor) ? index : index.slice(-1);
    places.forEach((unit, axis) => {
      const units = found[(layer ?? 0) - axis];
      if (unit !== null && units && !units.includes(unit)) units.push(unit);
    });
  }
  return found;
}
