// Where the wishes' view is: at which layer, which neurons are followed, and what its stops are called.

import { say } from "../../base/words.js";

/** How many layers back from the outputs, and which neuron of each is followed. Each network has its own. */
export function placeOf({ wishes, listing }) {
  const run = JSON.stringify([listing.sizes, listing.experiment.dataset.name]);
  return wishes.run === run ? wishes : { run, back: 0, neurons: {} };
}

/** The layer of the stop that is shown. */
export const layerOf = (state) => state.listing.sizes.length - 1 - placeOf(state).back;

/** The question that the stop asks of the server. */
export function questionOf(state) {
  const layer = layerOf(state);
  const neuron = placeOf(state).neurons[layer];
  const example = state.moment.shownExample(state.example);
  return { question: "wishes", layer, example, ...(neuron === undefined ? {} : { neuron }) };
}

/** What a stop is called. */
export function stopName(words, { sizes }, layer) {
  if (!layer) return say(words, "wishes.stop.input");
  return layer === sizes.length - 1 ? say(words, "wishes.stop.outputs") : say(words, "layer", { layer });
}

/** What a stop is about, in a sentence or two. */
export function stopSays(words, { sizes }, layer) {
  const depth = sizes.length - 1;
  if (layer === depth) return say(words, "wishes.outputs.says");
  const above =
    layer + 1 === depth ? say(words, "wishes.above.outputs") : say(words, "wishes.above.layer", { layer: layer + 1 });
  return layer ? say(words, "wishes.layer.says", { above, layer }) : say(words, "wishes.input.says", { above });
}
