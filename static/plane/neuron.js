// The neuron whose answer is shown: which there are to choose from, which one is meant, and how its answer is coloured.

import { nameOf } from "../base/called.js";
import { roundScale } from "../base/numbers.js";
import { segmentAt } from "../base/time.js";
import { say } from "../base/words.js";
import { toneOfOutput } from "../draw/plane.js";

const LISTED = 32; // neurons a layer in the choice

/** The neurons to choose from, the output first: {value, text}, where the value is layer and unit. */
export function choicesOf({ listing, words }) {
  const { sizes } = listing;
  const depth = sizes.length - 1;
  const name = (layer, unit) => {
    if (layer < depth) return say(words, "plane.neuron", { layer, unit });
    if (sizes[depth] === 1) return say(words, "plane.output");
    return nameOf(listing, layer, unit) ?? say(words, "plane.output_unit", { unit });
  };
  const ofLayer = (layer) =>
    Array.from({ length: Math.min(sizes[layer], LISTED) }, (_, unit) => ({
      value: `${layer}.${unit}`,
      text: name(layer, unit),
    }));
  return Array.from({ length: depth }, (_, place) => depth - place).flatMap(ofLayer);
}

/** The chosen neuron by layer and unit, such as "2.0": the last output without a choice, or where it is gone. */
export function chosenOf({ plane, listing: { sizes } }) {
  const [layer, unit] = (plane ?? "").split(".").map(Number);
  if (layer > 0 && unit < Math.min(sizes[layer] ?? 0, LISTED)) return plane;
  return `${sizes.length - 1}.${Math.min(sizes.at(-1), LISTED) - 1}`;
}

/** The neuron whose answer is shown, {layer, unit}: the one that is pointed at, else the chosen one. */
export function neuronMeant(state) {
  const { hovered } = state;
  if (hovered?.kind === "activation" && hovered.layer > 0) return { layer: hovered.layer, unit: hovered.unit };
  const [layer, unit] = chosenOf(state).split(".").map(Number);
  return { layer, unit };
}

/** How an answer is coloured: around which value, and how far from it the colour is full. */
export function toneOf(listing, t, { layer, unit }, values) {
  const output = layer === listing.sizes.length - 1;
  if (output && listing.kind === "classes")
    return toneOfOutput(segmentAt(listing, t).levels, listing.sizes.at(-1), unit);
  return { centre: 0, reach: roundScale(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) };
}

/** How a scene holds a neuron: as its layer and number, such as "2.0". */
export const neuron = {
  fits: (value, { listing }) =>
    typeof value === "string" &&
    /^\d+\.\d+$/.test(value) &&
    Number(value.split(".")[1]) < listing.sizes[value.split(".")[0]],
};
