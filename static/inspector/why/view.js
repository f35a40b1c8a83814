// Why: the numbers of the mark that is pointed at; of a chosen parameter the chain rule, of a chosen neuron its parts.

import { placeOf } from "../../tensor/linked_highlight.js";
import { parameterOf, split } from "../../tensor/tensors.js";
import { fields, listed, text } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

const ERROR = /^(d\w+):([\d,]+)$/; // the key of an error that is open

/** The layer and the unit of a chosen neuron. */
export const neuronAt = ({ tensor, index }) => [split(tensor)[1], index[1]];

export const depthOf = ({ listing }) => listing.experiment.layers.length;

/** The lines that are opened, as keys. */
export function openedOf(state) {
  const { selected, opened } = state;
  return new Set(selected && opened.place === placeOf(selected, depthOf(state)) ? opened.keys : []);
}

function question(state) {
  const { moment, selected, example } = state;
  if (!selected) return null;
  const shown = moment.shownExample(example);
  const tensor = parameterOf(selected.tensor);
  if (tensor) {
    const errors = [...openedOf(state)].map((key) => key.match(ERROR)).filter(Boolean);
    return {
      question: "chain_rule",
      tensor,
      index: selected.index,
      example: shown,
      errors: errors.map(([, name, index]) => [name, index.split(",").map(Number)]),
    };
  }
  const [layer, unit] = neuronAt(selected);
  return layer ? { question: "neuron", layer, unit, example: shown } : null;
}

/** @type {import("../../base/feature.js").Feature} */
export const why = {
  name: "why",
  state: { opened: ofView({ place: "", keys: [] }, fields({ place: text, keys: listed(text) }), PRESET) },
  watches: ["hovered", "selected", "example", "opened"],
  question,
  empty: "why.empty",
  wanted: ({ view, hovered, selected }) => view === "why" && Boolean(hovered ?? selected),
  load: () => import("./panel.js"),
};
