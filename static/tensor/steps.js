// Micro-steps in words.

import { count } from "../base/numbers.js";
import { locate } from "../base/time.js";
import { say } from "../base/words.js";

/** @import { Listing, MicroStep } from "../base/types.js" */
/** @import { Words } from "../base/words.js" */

/**
 * A micro-step in a few words, such as "backward · layer 2 · delta2".
 *
 * @param {Words} words
 * @param {MicroStep} step
 */
export function stepName(words, { phase, layer, writes }) {
  const where = layer || phase === "forward" ? [say(words, "layer", { layer })] : []; // some steps are of no layer
  const main = writes.filter((name) => !(name[0] === "u" && writes.includes(name.slice(1)))); // the update beside what it moves
  return [say(words, `phase.${phase}`), ...where, main.join(", ")].join(" · ");
}

/**
 * The first micro-step of the training step at t that `does` what is sought: {step, t}, in words and when it is done; or null.
 *
 * @param {Words} words
 * @param {Listing} listing
 * @param {number} t
 * @param {(step: MicroStep) => boolean} does
 */
export function stepThat(words, listing, t, does) {
  const {
    segment: { program },
    begin,
  } = locate(listing, t);
  const place = program.findIndex(does);
  return place < 0 ? null : { step: stepName(words, program[place]), t: count(begin + place + 1) };
}

/**
 * Whether the update of the training step at t has changed a tensor already: passes have read it as it was before.
 *
 * @param {Listing} listing
 * @param {number} t
 * @param {string} tensor
 */
export function isUpdated(listing, t, tensor) {
  const { segment, done } = locate(listing, t);
  return segment.program.slice(0, done).some(({ phase, writes }) => phase === "update" && writes.includes(tensor));
}

/**
 * Which micro-step will compute a tensor that is not there yet, and when: {step, t}, or null where none does.
 *
 * @param {Words} words
 * @param {Listing} listing
 * @param {number} t
 * @param {string} tensor
 */
export const dueOf = (words, listing, t, tensor) =>
  stepThat(words, listing, t, ({ writes }) => writes.includes(tensor));

/**
 * The same in a sentence; nothing where none does.
 *
 * @param {Words} words
 * @param {Listing} listing
 * @param {number} t
 * @param {string} tensor
 */
export function computedBy(words, listing, t, tensor) {
  const due = dueOf(words, listing, t, tensor);
  return due ? say(words, "computed_by", due) : "";
}
