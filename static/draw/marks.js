// Marks: what is drawn, each with the element of the array that it stands for.

/** What a mark is, without how it is laid out. */
export const plainMark = ({ kind, tensor, index, value, colour, size }) => ({
  kind,
  tensor,
  index,
  value,
  colour,
  size,
});
