// Micro-steps in words.

import { locate } from "./time.js";
import { say } from "./words.js";

/** A micro-step in a few words, such as "backward · layer 2 · delta2". */
export function stepName(words, { phase, layer, writes }) {
  const where = layer || phase === "forward" ? [say(words, "layer", { layer })] : []; // some steps are of no layer
  return [say(words, `phase.${phase}`), ...where, writes.join(", ")].join(" · ");
}

/** Which micro-step will compute a tensor that is not there yet, in words; nothing where none does. */
export function computedBy(words, listing, t, tensor) {
  const { segment } = locate(listing, t);
  const step = segment.program.find(({ writes }) => writes.includes(tensor));
  return step ? say(words, "computed_by", { step: stepName(words, step) }) : "";
}
