// Recorded: a tensor of one's own training loop beside Backscope's own.

import { optional } from "../../base/codecs.js";
import { ofView, passing, PRESET, RUN } from "../../base/keys.js";

const MAY_BE = /^(d?(W|b|gamma|beta)|running_(mean|var))\d+$/;

/** Whether a recording may have a tensor of this name. @type {(name: string) => boolean} */
export const mayBe = (name) => MAY_BE.test(name);

/** Whether a run was recorded by somebody's own training loop. */
export const isRecorded = ({ listing }) => listing?.experiment.dataset.name === "recorded";

/** A tensor that may be recorded. */
const recordedName = {
  fits: (value, { listing }) => typeof value === "string" && mayBe(value) && value in listing.tensors,
};

/** The tensor that is shown: the one that is asked for, else that of what is chosen, else the weights of the output. */
export function wanted({ recorded, selected, listing }) {
  const last = `W${listing.sizes.length - 1}`;
  return [recorded, selected?.tensor, last].find((name) => recordedName.fits(name, { listing }));
}

/** @type {import("../../base/feature.js").Feature} */
export const recorded = {
  name: "recorded",
  state: {
    recorded: ofView(null, optional(recordedName), PRESET),
    unfit: passing(null, RUN), // {file, proof, why}: a recording that was proven and cannot be stepped
  },
  watches: ["selected", "recorded", "unfit", "theme"],
  question: (state) => (isRecorded(state) ? { question: "recorded", tensor: wanted(state) } : null),
  speaks: "recorded.how",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
