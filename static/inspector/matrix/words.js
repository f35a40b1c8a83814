// What the matrix view says of tensors and cells.

import { count, exact, scale as round } from "../../base/numbers.js";
import { dueOf } from "../../tensor/steps.js";
import { cellName, grid, placeOf } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

/** The words for an axis, such as its neurons ("axis"), or for one element of it ("cell"). */
export function counted(words, kind, axis, at) {
  const name = axis === "example" ? "example" : axis === 0 ? "input" : "neuron";
  return say(words, `matrix.${kind}.${name}`, { layer: axis, at, number: at + 1 });
}

/** Which micro-step will compute a tensor, and when. */
export function dueText({ words, listing, moment }, tensor) {
  const due = dueOf(words, listing, moment.t, tensor);
  return due ? say(words, "matrix.due", due) : say(words, "matrix.never");
}

/** The shape of a tensor in words, and what its axes count; also of one that is not there yet. */
export function aboutText({ words, listing, moment }, name, tensor) {
  const axes = listing.tensors[name];
  const [rows, columns] = [axes[0], axes.at(-1)].map((axis) => counted(words, "axis", axis));
  const expected = (axis) => (axis === "example" ? moment.examples : listing.sizes[axis]);
  const shape = axes.map((axis, i) => count(tensor?.shape[i] ?? expected(axis)));
  return say(words, `matrix.about.${axes.length}`, { shape: shape.join(" × "), rows, columns });
}

/** At which number colours are full, for which tensors, and how many cells a painted `square` is, [wide, high]. */
export function scaleText(words, scale, names, square) {
  const [across, down] = square;
  const sentences = [
    say(words, names.length > 1 ? "matrix.full.shared" : "matrix.full", {
      scale: round(scale),
      names,
    }),
    across * down > 1 ? say(words, "matrix.pooled", { across, down }) : "",
  ];
  return sentences.join(" ");
}

/** The cell that is pointed at: [its name and number, what it belongs to]; without one, that there are cells to point at. */
export function cellTexts(words, listing, name, { data, shape }, index) {
  if (!index) return ["", say(words, "matrix.point")];
  const { row, column } = placeOf(index);
  const number = `${cellName(name, index)} = ${exact(data[row * grid(shape).columns + column])}`;
  return [
    number,
    listing.tensors[name].map((axis, i) => counted(words, "cell", axis, index[i])).join(say(words, "list.comma")),
  ];
}
