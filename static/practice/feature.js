// Practice beside the stage: predictions without an end, a test before and after, and the results of a class.

import { oneOf, optional } from "../base/codecs.js";
import { ofView, passing } from "../base/keys.js";

/** @type {import("../base/feature.js").Feature} */
export const practice = {
  name: "practice",
  slot: "practice",
  state: {
    practice: ofView(null, optional(oneOf(["questions", "before", "after", "class"]))),
    held: passing(false), // whether the run stays at the moment that a test asks about
  },
  watches: ["practice"],
  wanted: ({ practice: shown }) => shown !== null,
  speaks: "practice.given",
  style: ["../lessons/style.css", "./style.css"].map((each) => new URL(each, import.meta.url)),
  load: () => import("./panel.js"),
};
