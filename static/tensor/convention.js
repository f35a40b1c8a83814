// The convention of formulas: examples in rows, as they are computed here, or in columns, as many books have them.

import { oneOf } from "../base/codecs.js";
import { ofView } from "../base/keys.js";

export const ROWS = "rows";
export const COLUMNS = "columns";
export const ONE = "one"; // an axis of one place

/** Its key, which is shared by all that shows formulas. */
export const CONVENTION = ofView(ROWS, oneOf([ROWS, COLUMNS]));

/**
 * A micro-step's formula.
 *
 * @param {any} step
 * @param {string} convention
 * @returns {string}
 */
export const formulaIn = (step, convention) => (convention === COLUMNS ? step.formula_in_columns : step.formula);

/**
 * What the axes of a tensor count: in columns a tensor of examples is transposed, and a vector of a layer is one column.
 *
 * @param {(import("../base/types.js").Axis)[]} axes
 * @param {string} convention
 * @returns {(import("../base/types.js").Axis | "one")[]}
 */
export function axesIn(axes, convention) {
  if (convention !== COLUMNS) return axes;
  if (axes.length === 1) return [axes[0], ONE];
  return axes[0] === "example" ? axes.toReversed() : axes;
}
