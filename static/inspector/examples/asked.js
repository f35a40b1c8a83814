// The nudge of a parameter by each example of a mini-batch, against the gradient, and their mean, in numbers and words.

import { alike, count } from "../../base/numbers.js";
import { LETTERS } from "../../tensor/parameter.js";
import { cellName, split } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

/** The rows of a matrix of an answer. */
const rowsOf = ({ shape: [rows, columns], data }) =>
  Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));

const turned = (value) => value && -value; // 0 has no sign

/** An answer, which has gradients, as a list of examples, {place, nudge, x, y}, and what the nudges of the rest come to. */
export function read({ tensors }) {
  const [gradient, place, x, y] = ["gradient", "example", "x", "y"].map((name) => tensors.get(name));
  const [xs, ys] = [rowsOf(x), rowsOf(y)];
  const examples = Array.from(gradient.data, (value, i) => ({
    place: place.data[i],
    nudge: turned(value),
    x: xs[i],
    y: ys[i],
  }));
  const counts = tensors.get("rest_counts").data.toReversed();
  const rest = {
    counts,
    edges: tensors.get("rest_edges").data.toReversed().map(turned),
    sum: turned(tensors.get("rest_sum").data[0]),
    count: counts.reduce((sum, each) => sum + each, 0),
  };
  return { examples, rest };
}

/** What an example should come to: its class where the targets are of classes, else the targets. */
export function labelOf(y, { classes = [] } = {}) {
  const isOneHot = y.every((value) => value === 0 || value === 1);
  if (isOneHot && y.length > 2) return classes[y.indexOf(1)] ?? String(y.indexOf(1));
  if (isOneHot && classes.length) return classes[y.at(-1)];
  return alike(y.subarray(0, 4)).join(", ");
}

/**
 * The mean of what is ticked: {value, of, all}. `without` has the places of the examples that are not; of all, the mean is
 * that of the whole mini-batch: against its `gradient`, where that is there.
 */
export function meanOf({ examples, rest }, without, gradient) {
  const ticked = examples.filter(({ place }) => !without.has(place));
  const [of, all] = [ticked.length + rest.count, examples.length + rest.count];
  const sum = ticked.reduce((total, { nudge }) => total + nudge, rest.sum);
  return { value: of === all ? (turned(gradient) ?? sum / all) : sum / of, of, all };
}

/** The same in a sentence: of a parameter's nudge where all are ticked, else of how many. */
export const meanText = (words, tensor, { of, all }) =>
  of === all
    ? say(words, "examples.mean", { count: count(all), letter: LETTERS[split(tensor)[0]] })
    : say(words, "examples.mean.some", { count: count(of), of: count(all) });

/** What the nudges are of, and whether batch norm makes them depend on each other. */
export function aboutText(words, tensor, index, layers) {
  const interacts = layers.slice(split(tensor)[1] - 1).some(({ batch_norm }) => batch_norm);
  const about = say(words, "examples.says", { name: cellName(tensor, index) });
  return [about, interacts ? say(words, "examples.interact") : ""].join(" ");
}
