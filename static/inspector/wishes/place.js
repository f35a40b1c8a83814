// Where the wishes' view is: at which layer, which neurons are followed, and what its stops are called.

import { say } from "../../base/words.js";

const networkOf = ({ sizes, experiment }) => JSON.stringify([sizes, experiment.dataset.name]);

/** How many layers back from the outputs, and which neuron of each is followed. Each network has its own. */
export function placeOf({ wishes, listing }) {
  const run = networkOf(listing);
  return wishes.run === run ? wishes : { run, back: 0, neurons: {} };
}

/** How a scene holds that place: without its network, which is the scene's. */
export const WISHES = {
  plain({ run, back, neurons }, { listing }) {
    return listing && run === networkOf(listing) ? { back, neurons } : { back: 0, neurons: {} };
  },
  value: ({ back, neurons }, { listing }) => ({ run: networkOf(listing), back, neurons }),
  fits: ({ back, neurons }, { listing: { sizes } }) =>
    Number.isInteger(back) &&
    back >= 0 &&
    back < sizes.length &&
    Object.entries(neurons).every(([layer, unit]) => Number.isInteger(unit) && unit >= 0 && unit < sizes[layer]),
};

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
