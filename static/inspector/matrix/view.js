// Matrix: any tensor of the moment cell by cell.

import { parameterOf, spanned } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { fields, oneOf, optional, whole } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

export const SCOPES = ["tensor", "layer", "network"];

/** A tensor of the run by its name. */
const tensorName = { fits: (value, { listing }) => typeof value === "string" && Object.hasOwn(listing.tensors, value) };

/** The tensor that the view follows to: that of what is chosen, else what was computed last. */
export function followed({ moment, listing, selected }) {
  const { last, segment } = locate(listing, moment.t);
  const first = segment.program.flatMap(({ reads }) => reads).find(parameterOf);
  return [selected?.tensor, last?.writes[0], first].find((name) => name in listing.tensors);
}

/** The tensor that is shown: the one that is asked for, else the one that it follows to. */
export const wanted = (state) => (state.matrix.tensor in state.listing.tensors ? state.matrix.tensor : followed(state));

/** The question that the view asks: the tensor that is shown, and those that share its scale. */
const question = (state) => ({
  question: "tensors",
  names: spanned(wanted(state), state.matrix.scope, Object.keys(state.listing.tensors)),
});

/** @type {import("../../base/feature.js").Feature} */
export const matrix = {
  name: "matrix",
  state: {
    matrix: ofView(
      { tensor: null, scope: "tensor", zoom: 0 },
      fields({ tensor: optional(tensorName), scope: oneOf(SCOPES), zoom: whole(0, 16) }),
      PRESET,
    ),
  },
  watches: ["selected", "hovered", "theme", "matrix"],
  question,
  load: () => import("./panel.js"),
};
