// The sentences that are said of a mark of the network: its name, its number, and its arrow or its error.

import { unitTitle } from "../base/called.js";
import { brief } from "../base/numbers.js";
import { say } from "../base/words.js";
import { arrowsFor, sentence } from "../network/arrows.js";
import { LETTERS, titleOf } from "../tensor/parameter.js";
import { parameterOf, split } from "../tensor/tensors.js";

/** A text with its arrows as words, as some screen readers leave signs out. */
const spelled = (words, text) =>
  text.replaceAll("↑", say(words, "spoken.up")).replaceAll("↓", say(words, "spoken.down"));

/** A number with its letter, such as "w = 0.53"; of what is not there yet, that. */
const valueOf = (words, letter, value) =>
  value === undefined ? say(words, "spoken.unknown") : `${letter} = ${brief(value)}`;

/** What is said of a parameter; `index` is its place in its tensor. */
function ofParameter(state, name, index) {
  const { words, moment } = state;
  const arrows = arrowsFor(state);
  const own = valueOf(words, LETTERS[split(name)[0]], moment.value(name, ...index));
  return [
    titleOf(words, name, index),
    own,
    sentence(words, arrows, name, moment.value(arrows.letter + name, ...index)),
  ];
}

/** What is said of a neuron, of the example that is shown. */
function ofNeuron({ words, listing, moment, example }, layer, unit) {
  const cell = (/** @type {string} */ kind) => moment.value(`${kind}${layer}`, moment.shownExample(example), unit);
  const name = unitTitle(words, listing, layer, unit);
  const [a, z, delta] = ["a", "z", "delta"].map(cell);
  const own = a === undefined && z !== undefined ? valueOf(words, "z", z) : valueOf(words, "a", a);
  if (delta === undefined) return [name, own];
  const sign = ["minus", "zero", "plus"][Math.sign(delta) + 1];
  const blanks = { w: "z", quantity: "δ", value: brief(delta) };
  return [name, own, say(words, sign ? `arrows.nudge.${sign}` : "arrows.not_finite", blanks)];
}

/** What is said of a mark, {tensor, index}. */
export function textOf(state, { tensor, index }) {
  const parameter = parameterOf(tensor);
  const parts = parameter ? ofParameter(state, parameter, index) : ofNeuron(state, split(tensor)[1], index.at(-1));
  return spelled(state.words, `${parts.join(". ")}.`);
}
