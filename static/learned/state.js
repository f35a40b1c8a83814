// The state of the panel: the split that is judged, and the output and the cell that are chosen.

import { fields, oneOf, optional, whole } from "../base/codecs.js";
import { CHANGE, ofRun, ofView } from "../base/keys.js";

const outputsOf = ({ listing }) => listing.sizes.at(-1);
const lastClass = (state) => Math.max(2, outputsOf(state)) - 1;

/** @type {import("../base/keys.js").Keys} */
export const STATE = {
  judged: ofRun(null, CHANGE),
  split: ofView("held_out", oneOf(["held_out", "training"])),
  output: ofView(
    0,
    whole(0, (values) => outputsOf(values) - 1),
    CHANGE,
  ),
  // {label, answer}: of the table of confusions, the one that is opened
  cell: ofView(null, optional(fields({ label: whole(0, lastClass), answer: whole(-1, lastClass) })), CHANGE),
};
