// What the matrix view says of tensors and cells, and which tensor it shows.

import { dueOf } from "../../tensor/steps.js";
import { parameterOf } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";

/** What an axis counts ("axis"), or one of what it counts ("cell"). */
export function counted(words, kind, axis, at) {
  const name = axis === "example" ? "example" : axis === 0 ? "input" : "neuron";
  return say(words, `matrix.${kind}.${name}`, { layer: axis, at, number: at + 1 });
}

/** The tensor that the view follows to: that of what is chosen, else what was computed last. */
export function followed({ moment, listing, selected }) {
  const { last, segment } = locate(listing, moment.t);
  const first = segment.program.flatMap(({ reads }) => reads).find(parameterOf);
  return [selected?.tensor, last?.writes[0], first].find((name) => name in listing.tensors);
}

/** The tensor that is shown: the one that is asked for, else the one that it follows to. */
export const wanted = (state) => (state.matrix.tensor in state.listing.tensors ? state.matrix.tensor : followed(state));

/** Which micro-step will compute a tensor, and when. */
export function dueText({ words, listing, moment }, tensor) {
  const due = dueOf(words, listing, moment.t, tensor);
  return due ? say(words, "matrix.due", due) : say(words, "matrix.never");
}
