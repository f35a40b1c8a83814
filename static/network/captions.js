// The captions under the layers: what each is and computes, in words.

import { say } from "../base/words.js";

/** What a layer is: one of the hidden ones, or the outputs. */
const roleOf = (words, layer, depth) =>
  layer === depth ? say(words, "caption.output") : say(words, "caption.hidden", { layer });

/**
 * A caption for the input and each layer, in several lengths, the longest first. `input` names the input's sentence;
 * without `normalized`, batch norm goes unsaid.
 *
 * @param {Record<string, string>} words
 * @param {{units: number, activation: string, batch_norm?: boolean}[]} layers
 * @param {{input?: string, normalized?: boolean}} [choice]
 * @returns {string[][]}
 */
export function captionsOf(words, layers, { input = "caption.input", normalized = true } = {}) {
  const name = ({ activation, batch_norm }) =>
    [normalized && batch_norm && say(words, "batch_norm.short"), say(words, `activation.${activation}`)]
      .filter(Boolean)
      .join(" · ");
  const of = (layer, i) => [
    `${roleOf(words, i + 1, layers.length)} · ${name(layer)}`,
    `${layer.units} · ${name(layer)}`,
    name(layer),
    String(i + 1),
  ];
  return [[say(words, input), "a⁰"], ...layers.map(of)];
}
