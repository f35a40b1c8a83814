// Marks: what is drawn, each with the element of the array that it stands for.

/** @import { Mark } from "./types.js" */

/**
 * What a mark is, without how it is laid out.
 *
 * @param {Mark} mark
 * @returns {Mark}
 */
export const plainMark = ({ kind, tensor, index, value, colour, size }) => ({
  kind,
  tensor,
  index,
  value,
  colour,
  size,
});
