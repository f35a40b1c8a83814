// Recorded: a tensor of one's own training loop beside Backscope's own.

import { optional } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

const MAY_BE = /^d?[Wb]\d+$/; // the names of tensors that a recording has

/** Whether a run was recorded by somebody's own training loop. */
export const isRecorded = ({ listing }) => listing?.experiment.dataset.name === "recorded";

/** A tensor that may be recorded. */
const recordedName = {
  fits: (value, { listing }) => typeof value === "string" && MAY_BE.test(value) && value in listing.tensors,
};

/** The tensor that is shown: the one that is asked for, else that of what is chosen, else the weights of the output. */
export function wanted({ recorded, selected, listing }) {
  const last = `W${listing.sizes.length - 1}`;
  return [recorded, selected?.tensor, last].find((name) => recordedName.fits(name, { listing }));
}

/** @type {import("../../base/feature.js").Feature} */
export const recorded = {
  name: "recorded",
  state: { recorded: ofView(null, optional(recordedName), PRESET) },
  watches: ["selected", "recorded", "theme"],
  question: (state) => (isRecorded(state) ? { question: "recorded", tensor: wanted(state) } : null),
  speaks: "recorded.how",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
