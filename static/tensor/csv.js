// A tensor as comma-separated values, each in as many digits as bring the same float32 back.

import { shortest } from "../base/numbers.js";
import { grid } from "./tensors.js";

/** @import { Tensor } from "../base/types.js" */

/**
 * A line of column numbers, then a line a row.
 *
 * @param {Tensor} tensor
 */
export function csv({ shape, data }) {
  const { rows, columns } = grid(shape);
  /** @param {number} row */
  const line = (row) => Array.from(data.subarray(row * columns, (row + 1) * columns), shortest).join(",");
  return [[...Array(columns).keys()].join(","), ...Array.from({ length: rows }, (_, row) => line(row)), ""].join("\n");
}
