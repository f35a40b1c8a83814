// One arrow, all examples: the nudge of the chosen parameter by each example of the mini-batch.

import { parameterOf } from "../../tensor/tensors.js";
import { fields, flag, listed, text, whole } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

/** The question about the chosen parameter, or null without one. */
export function question({ selected }) {
  const tensor = selected && parameterOf(selected.tensor);
  return tensor ? { question: "per_example_gradients", tensor, index: selected.index } : null;
}

/** @type {import("../../base/feature.js").Feature} */
export const examples = {
  name: "examples",
  state: {
    sorted: ofView(false, flag),
    without: ofView({ batch: "", places: [] }, fields({ batch: text, places: listed(whole(0)) }), PRESET),
  },
  watches: ["selected", "example", "sorted", "without"],
  question,
  load: () => import("./panel.js"),
};
