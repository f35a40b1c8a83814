// Column: the gradient, or the update, as one long list of all parameters.

import { flag, text } from "../../base/codecs.js";
import { CHANGE, ofView } from "../../base/keys.js";

const question = (state) => ({ question: "column", updates: state.arrows === "update" });

/** @type {import("../../base/feature.js").Feature} */
export const column = {
  name: "column",
  state: { biggest: ofView(false, flag), sought: ofView("", text, CHANGE) },
  watches: ["arrows", "selected", "hovered", "biggest", "sought"],
  question,
  load: () => import("./panel.js"),
};
