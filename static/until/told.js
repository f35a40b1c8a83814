// What is said of a run that a condition has stopped: one sentence in numbers. Pure functions.

import { brief, count } from "../base/numbers.js";
import { say } from "../base/words.js";
import { cellName } from "../tensor/tensors.js";

const number = (/** @type {any} */ value) => brief(Number(value));

/**
 * The sentence of what was measured. `found` is the server's answer to the question `stopped`.
 *
 * @param {import("../base/words.js").Words} words
 * @param {any} condition
 * @param {{measured: number[], bounds: number[], tensor: string | null, index: number[] | null}} found
 */
export function sentenceOf(words, condition, { measured, bounds, tensor, index }) {
  const all = measured.map(number);
  const [before, now] = [all.at(-2) ?? "", all.at(-1) ?? ""];
  return say(words, `until.kind.${condition.name}.says`, {
    now,
    before,
    first: all[0] ?? "",
    all: all.join(" → "),
    training: all.at(-2) ?? "",
    low: number(bounds[0]),
    high: number(bounds.at(-1)),
    layer: condition.layer ?? "",
    count: count(condition.times ?? condition.epochs ?? 0),
    unit: index?.[0] ?? "",
    cell: tensor && index ? cellName(tensor, index) : "",
    example: typeof condition.example === "number" ? condition.example : say(words, "until.drawing"),
    set: condition.of ? say(words, `until.of.${condition.of}`) : "",
  });
}
