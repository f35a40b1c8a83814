// Provenance: which cells a cell was computed from, and which it flows into, by the index letters of a micro-step.

import { say } from "../../base/words.js";

/** The cells of another operand that belong to a cell of one: they agree in every letter that both have. An index with
 * null where any will do. */
export function agreeing(operand, index, other) {
  return other.letters.map((letter) => index[operand.letters.indexOf(letter)] ?? null);
}

/** A pattern in words, such as "a0[i=2, k=0..1]". */
export function spelled({ tensor, letters }, pattern, shape) {
  const parts = letters.map((letter, axis) => {
    const last = shape[axis] - 1;
    return `${letter}=${pattern[axis] ?? (last ? `0..${last}` : 0)}`;
  });
  return parts.length ? `${tensor}[${parts.join(", ")}]` : tensor;
}

/**
 * The cells of an operand that belong to a traced one, {operand, index}: an index with null for any; undefined where
 * there are none, as on the same side of the step.
 */
export function belonging(operand, traced) {
  if (operand === traced.operand) return traced.index;
  return operand.side === traced.operand.side ? undefined : agreeing(traced.operand, traced.index, operand);
}

/** A traced cell's number in a sentence, with the cells that it came from or goes to among all operands. */
export function tracedText(words, all, traced, value) {
  const { operand } = traced;
  const spell = (each) => spelled({ ...each, tensor: each.name }, belonging(each, traced), each.shape);
  const others = all.filter(({ side }) => side !== operand.side).map(spell);
  const word = !others.length ? "step.alone" : operand.side === "writes" ? "step.from" : "step.into";
  return say(words, word, { cell: spell(operand), value, cells: others });
}

/** The longest sentence that there can be of these operands, with a number as long as one may be. */
export function longestText(words, all, number) {
  const last = ({ shape }) => shape.map((size) => size - 1);
  const texts = all.map((operand) => tracedText(words, all, { operand, index: last(operand) }, number));
  return texts.reduce((best, text) => (text.length > best.length ? text : best), "");
}
