// The laboratory: lanes that go along with the run of the page, beside each other on the stage.

import { flag, oneOf, optional } from "../base/codecs.js";
import { ofView, passing, PRESET, RUN } from "../base/keys.js";
import { PACES } from "./correspond.js";
import { LANES, OTHERS, TITLE } from "./names.js";

/** What the curves of the lanes are drawn against. */
export const AXES = ["training_steps", "examples", "seconds"];

/** @type {import("../base/feature.js").Feature} */
export const laboratory = {
  name: "laboratory",
  slot: "laboratory",
  state: {
    lanes: ofView([], LANES, PRESET), // beside the run of the page: {name, title, experiment}
    laneTitle: ofView("", TITLE, PRESET), // of the run of the page
    lanePace: ofView("training_steps", oneOf(PACES), PRESET),
    laneAxis: ofView("training_steps", oneOf(AXES)),
    laneDifference: ofView(null, optional(oneOf(OTHERS)), PRESET), // the lane that is shown less lane A
    laneLogarithmic: ofView(false, flag),
    laneOpen: passing(null, RUN), // the lane whose settings are open
    lanesTold: passing([]), // the list for `backscope.lanes`, without lane A: {name, run, t, experiment}
  },
  watches: ["stage", "lanes"],
  wanted: ({ stage, lanes }) => stage === "laboratory" || lanes.length > 0,
  speaks: "lane.region",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
