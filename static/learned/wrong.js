// The points that are answered wrong: where they lie, which are listed, and where the classes' averages are.

import { alike } from "../base/numbers.js";
import { chosenOf } from "./predictions.js";

const [LISTED, MARKED] = [8, 3000];

/** The two inputs of a row of a split. */
export const pointOf = (data, split, row) =>
  data.splits.find((each) => each.split === split).x.data.subarray(2 * row, 2 * row + 2);

/**
 * The points that are marked as wrong; none before both points and answers are there.
 *
 * @returns {{row: number, x: number, y: number, chosen: boolean}[]}
 */
export function wrongPoints(data, { predictions, cell }, chosen) {
  if (!predictions?.classes || !data) return [];
  return chosenOf({ predictions, cell }, MARKED).map(({ row }) => {
    const [x, y] = pointOf(data, predictions.split, row);
    return { row, x, y, chosen: row === chosen };
  });
}

/** The examples to list: the first few, and the one that is pointed out. */
export function listed({ predictions, cell }, chosen) {
  const wrong = predictions?.classes ? chosenOf({ predictions, cell }, MARKED) : [];
  return wrong.filter(({ row }, i) => i < LISTED || row === chosen);
}

/** A mark for each of the first few. */
export function wrongMarks({ predictions, cell }, colour) {
  if (!predictions?.classes) return [];
  return chosenOf({ predictions, cell }, LISTED).map(({ row, output }) => ({
    kind: "wrong",
    tensor: "output",
    index: [row],
    value: output,
    colour,
    size: 1,
  }));
}

/** The averages of the classes, {x, y}, from the tensor that holds them. */
export const meansOf = ({ shape, data }) =>
  Array.from({ length: shape[0] }, (_, label) => ({ x: data[2 * label], y: data[2 * label + 1] }));

/** A point in brackets. */
export const inBrackets = (numbers) => `(${alike(numbers).join(", ")})`;
