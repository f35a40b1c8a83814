// Activations: several of them and their derivatives over one axis, with the z that a layer's activation is given.

import { givenTo } from "../../draw/curve.js";
import { split } from "../../tensor/tensors.js";
import { listed, optional, text, whole } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

export const MOST = 6; // activations at once, so that all lines can be told apart
const [LEAST, LARGEST, POINTS] = [4, 64, 161]; // the axis reaches so far at least and at most

/** The layer whose z are shown. */
export const layerOf = ({ curvesOf, listing }) => Math.min(curvesOf, listing.sizes.length - 1);

/** The values that the activation of the layer is given at this moment: {tensor, data}. */
export function givenIn(state) {
  const tensor = givenTo(state.moment, layerOf(state));
  return { tensor, data: state.moment.tensor(tensor)?.data ?? [] };
}

/** The unit of the layer that is chosen, else the first. */
export function unitOf(state) {
  const { selected } = state;
  const layer = selected?.index ? split(selected.tensor)[1] : null;
  return layer === layerOf(state) ? selected.index.at(/^[Wb]/.test(selected.tensor) ? 0 : -1) : 0;
}

/** How far the axis reaches on both sides: over all of these values, but not without end. */
export function reachOf(values) {
  let reach = LEAST;
  for (const value of values) while (reach < LARGEST && Math.abs(value) > reach) reach *= 2;
  return reach;
}

/** @type {import("../../base/feature.js").Feature} */
export const activations = {
  name: "activations",
  state: {
    overlaid: ofView(null, optional(listed(text))), // the activations that are shown; null for those to begin with
    curvesOf: ofView(
      1,
      whole(1, ({ listing }) => listing.sizes.length - 1),
      PRESET,
    ), // the layer whose z are shown
  },
  watches: ["overlaid", "curvesOf", "selected", "example"],
  question(state) {
    const { moment, overlaid, example } = state;
    const high = reachOf(givenIn(state).data);
    const row = { layer: layerOf(state), unit: unitOf(state), example: moment.shownExample(example) };
    return { question: "activations", names: overlaid?.slice(0, MOST), low: -high, high, points: POINTS, ...row };
  },
  load: () => import("./panel.js"),
};
