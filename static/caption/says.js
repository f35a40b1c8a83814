// What has just happened, in one sentence of plain words.

import { brief, hundredths } from "../base/numbers.js";
import { parameterOf, split } from "../tensor/tensors.js";
import { say } from "../base/words.js";

/** @import { Listing, MicroStep, Moment } from "../base/types.js" */
/** @import { Words } from "../base/words.js" */

const BATCH = new Set(["mean", "var", "zhat", "ztilde", "running_mean", "running_var"]);

/** @param {number} error */
const wayOf = (error) => (error < 0 ? "up" : error > 0 ? "down" : "right");

/**
 * What a tensor is, as far as the sentences tell tensors apart.
 *
 * @param {string} tensor
 * @param {number} depth
 */
export function sortOf(tensor, depth) {
  const [kind, layer] = split(tensor);
  const parameter = parameterOf(tensor);
  if (parameter)
    return parameter === tensor ? "parameter" : kind.startsWith("d") ? kind : tensor.slice(0, -parameter.length);
  if (BATCH.has(kind)) return "batch";
  if (kind === "a" || kind === "f" || kind === "kept") return layer === 0 ? "input" : layer === depth ? "output" : "a";
  return kind === "da" && layer === depth ? "loss_slope" : kind;
}

/**
 * The sentence of a step and of the element of what it has computed that is shown.
 *
 * @param {{words: Words, listing: Listing, moment: Moment, example: number}} state
 * @param {MicroStep} step
 * @param {{tensor: string, index: number[]}} cell
 */
export function sentenceOf({ words, listing, moment, example }, { layer, phase, equation }, { tensor, index }) {
  const depth = listing.sizes.length - 1;
  const sort = sortOf(tensor, depth);
  const shown = moment.shownExample(example);
  const unit = index.at(-1);
  const blanks = { layer, unit, example: shown + 1, count: moment.examples };
  const value = moment.value(tensor, ...index);
  if (sort === "delta" && Number.isFinite(value)) {
    const [a, y] = [moment.value(`a${layer}`, shown, unit), moment.value("y", shown, unit)];
    if (layer === depth && a !== undefined && y !== undefined)
      return say(words, `caption.target.${wayOf(value)}`, { a: brief(a), y: hundredths(y) });
    return say(words, `caption.delta.${wayOf(value)}`, blanks);
  }
  const names = [equation, sort, phase].map((each) => `caption.says.${each}`);
  return say(words, names.find((name) => name in words) ?? names.at(-1), blanks);
}

/**
 * What is true of a run that is too fast for single equations.
 *
 * @param {{words: Words, moment: Moment}} state
 */
export function fastSentence({ words, moment }) {
  const loss = moment.value("loss");
  return say(words, loss === undefined ? "caption.fast" : "caption.fast.loss", { loss: brief(loss) });
}
