// The digit pad: its values and tabs, and when it is shown.

import { flag, oneOf, optional, whole } from "../base/codecs.js";
import { CHANGE, keysOf, namesOf, ofRun, ofView, passing, PRESET } from "../base/keys.js";
import { DRAWN } from "./drawn.js";
import { reads } from "./seen.js";
import { PENS } from "./strokes.js";

/** The tabs, in their order; the panel of each is the module of its name. */
export const TABS = [
  { name: "answer", watches: [] },
  { name: "steps", state: { centred: ofView(true, flag) }, watches: ["centred"] },
  { name: "ink", state: { target: ofView(null, optional(whole(0, 9)), PRESET) }, watches: ["target"] },
  { name: "teach", state: { cost: ofRun(null) }, watches: ["moment", "drawing", "cost", "playing"] },
];

/** @type {import("../base/feature.js").Feature} */
export const pad = {
  name: "pad",
  slot: "pad",
  state: {
    ...keysOf(TABS),
    reading: ofRun(null, CHANGE), // what the network reads on the pad
    drawn: ofView([], { ...DRAWN, heavy: true }), // what is on the pad, the oldest first: strokes, {points, width}, and pictures, {picture, label}
    pen: ofView("medium", oneOf(PENS)),
    padTab: ofView("answer", oneOf(namesOf(TABS))),
    drawing: passing(null), // {picture, from, label}: the centred picture of the drawing, which the network is given
    onPad: passing(null), // {picture, label}: to be put onto the pad
  },
  watches: ["listing"],
  wanted: (state) => Boolean(reads(state)),
  load: () => import("./panel.js"),
};
