// A drawing's own pass in words: one mark, the scales, and all of it for screen readers.

import { alike, brief, scale, signed } from "../base/numbers.js";
import { say } from "../base/words.js";
import { split } from "../tensor/tensors.js";

const SIDE = 28;
const SAID = 5; // of the strongest contributions are told to screen readers

/** What a mark of the scene says, in one sentence. */
export function sentenceOf(words, scene, { kind, tensor, index, value, unit, layer }) {
  if (kind === "contribution") {
    const [, above] = split(tensor);
    return say(words, "thought.line", { j: index[0], k: index[1], above, below: above - 1, value: signed(value) });
  }
  if (kind === "activation") return say(words, "thought.neuron", { unit, layer, value: brief(value) });
  const [row, column] = [Math.floor(index[1] / SIDE), index[1] % SIDE];
  const picture = scene.pictures.find((each) => each.tensor === tensor && each.row === index[0]);
  const ofInput = picture.kind === "ink";
  return say(words, ofInput ? "thought.pixel" : "thought.product", {
    row,
    column,
    unit: index[0],
    value: brief(picture.data[index[1]]),
  });
}

/** What the scene says where no mark is pointed at: which digit its contributions are to. */
export const summaryOf = (words, { depth }, { best: digit }) =>
  say(words, depth > 1 ? "thought.says" : "thought.says.flat", { digit });

/** To which scales the scene is drawn. */
export const scalesOf = (words, { scales }) =>
  say(words, "thought.scales", { line: scale(scales.contribution), picture: scale(scales.picture) });

/** The answer, and the strongest contributions to it. */
export function labelOf(words, scene, { best: digit, output }) {
  const last = scene.lines.filter(({ layer }) => layer === scene.depth); // the weakest first, as they are painted
  const strongest = last.slice(-SAID).toReversed();
  return [
    say(words, "thought.label", { digit, value: alike(output)[digit] }),
    ...strongest.map((mark) => sentenceOf(words, scene, mark)),
  ].join(". ");
}
