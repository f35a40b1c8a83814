// The per-example gradients of a parameter in a mini-batch and their mean, in numbers and words.

import { alike, count } from "../../base/numbers.js";
import { LETTERS } from "../../tensor/parameter.js";
import { cellName, parameterOf, split } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

/** The rows of a matrix of an answer. */
const rowsOf = ({ shape: [rows, columns], data }) =>
  Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));

/** The question about the chosen parameter, or null without one. */
export function questionOf({ selected }) {
  const tensor = selected && parameterOf(selected.tensor);
  return tensor ? { question: "pushes", tensor, index: selected.index } : null;
}

/** An answer as a list of examples, {place, gradient, x, y}, and what the rest come to. */
export function read({ tensors }) {
  const [gradient, place, x, y] = ["push", "example", "x", "y"].map((name) => tensors.get(name));
  const [xs, ys] = [rowsOf(x), rowsOf(y)];
  const examples = Array.from(gradient.data, (value, i) => ({
    place: place.data[i],
    gradient: value,
    x: xs[i],
    y: ys[i],
  }));
  const counts = tensors.get("rest_counts").data;
  const rest = {
    counts,
    edges: tensors.get("rest_edges").data,
    sum: tensors.get("rest_sum").data[0],
    count: counts.reduce((sum, each) => sum + each, 0),
  };
  return { examples, rest };
}

/** What an example should come to: its class where the targets are of classes, else the targets. */
export const labelOf = (y) =>
  y.length > 2 && y.every((value) => value === 0 || value === 1)
    ? String(y.indexOf(1))
    : alike(y.subarray(0, 4)).join(", ");

/**
 * The mean of what is ticked: {value, of, all}. `without` has the places of the examples that are not; of all, the mean is
 * the gradient of the `whole` mini-batch, where that is there.
 */
export function meanOf({ examples, rest }, without, whole) {
  const ticked = examples.filter(({ place }) => !without.has(place));
  const [of, all] = [ticked.length + rest.count, examples.length + rest.count];
  const sum = ticked.reduce((total, { gradient }) => total + gradient, rest.sum);
  return { value: of === all ? (whole ?? sum / all) : sum / of, of, all };
}

/** The same in a sentence: of a parameter's gradient where all are ticked, else of how many. */
export const meanText = (words, tensor, { of, all }) =>
  of === all
    ? say(words, "examples.mean", { count: count(all), letter: LETTERS[split(tensor)[0]] })
    : say(words, "examples.mean.some", { count: count(of), of: count(all) });

/** What the examples are asked about, and whether batch norm makes them depend on each other. */
export function aboutText(words, tensor, index, layers) {
  const interacts = layers.slice(split(tensor)[1] - 1).some(({ batch_norm }) => batch_norm);
  const about = say(words, "examples.says", { name: cellName(tensor, index) });
  return [about, interacts ? say(words, "examples.interact") : ""].join(" ");
}
