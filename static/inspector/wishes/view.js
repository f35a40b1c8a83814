// Wishes: what one example asks of every layer.

import { questionOf, WISHES } from "./place.js";
import { ofView, PRESET } from "../../base/keys.js";

/** @type {import("../../base/feature.js").Feature} */
export const wishes = {
  name: "wishes",
  state: { wishes: ofView({ run: "", back: 0, neurons: {} }, WISHES, PRESET) },
  watches: ["example", "wishes", "hovered", "theme"],
  question: questionOf,
  load: () => import("./panel.js"),
};
