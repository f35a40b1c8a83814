// A parameter in words: the letter that stands for one of its numbers, and what that number is in the network.

import { split } from "./tensors.js";
import { say } from "../base/words.js";

/** @import { Words } from "../base/words.js" */

export const LETTERS = { W: "w", b: "b", gamma: "γ", beta: "β" };

/** @param {number} number */
const superscript = (number) => [...String(number)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");

/**
 * A parameter's number in one sentence, such as "Weight W¹[2, 0]: from neuron 0 of layer 0 to neuron 2 of layer 1".
 *
 * @param {Words} words
 * @param {string} tensor
 * @param {number[]} index
 */
export function titleOf(words, tensor, [j, k]) {
  const [kind, layer] = split(tensor);
  return say(words, k === undefined ? `why.${kind}` : "why.weight", {
    tensor: `${kind}${superscript(layer)}`,
    j,
    k,
    layer,
    below: layer - 1,
  });
}
