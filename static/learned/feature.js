// What the network has learned: the values of its panel, and when the panel is shown.

import { fields, oneOf, optional, whole } from "../base/codecs.js";
import { CHANGE, ofRun, ofView, RUN } from "../base/keys.js";

const outputsOf = ({ listing }) => listing.sizes.at(-1);
const lastClass = (state) => Math.max(2, outputsOf(state)) - 1;

/** @type {import("../base/keys.js").Keys} */
const STATE = {
  predictions: ofRun(null, CHANGE),
  split: ofView("held_out", oneOf(["held_out", "training"])),
  output: ofView(
    0,
    whole(0, (values) => outputsOf(values) - 1),
    CHANGE,
  ),
  // {label, answer}: of the table of confusions, the one that is opened
  cell: ofView(null, optional(fields({ label: whole(0, lastClass), answer: whole(-1, lastClass) })), CHANGE),
  historyPage: ofView(0, whole(0), RUN), // how many pages of neurons are before those whose histories are shown
};

/** @type {import("../base/feature.js").Feature} */
export const learned = {
  name: "learned",
  slot: "learned",
  state: STATE,
  watches: ["stage"],
  wanted: ({ stage }) => stage === "learned",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
