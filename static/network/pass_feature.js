// The drawing on the stage: its own pass through the network, in place of the mini-batch's.

import { oneOf } from "../base/codecs.js";
import { ofView, passing } from "../base/keys.js";

/** Whether the drawing's pass is what the stage shows. */
export const showsPass = ({ networkShows, reading, stage = "network" }) =>
  networkShows === "drawing" && stage === "network" && Boolean(reading?.tensors.has("c1"));

/** @type {import("../base/feature.js").Feature} */
export const pass = {
  name: "pass",
  slot: "network",
  state: {
    networkShows: ofView("moment", { ...oneOf(["moment", "drawing"]), late: true }), // or the drawing that is on the pad
    room: passing(null), // how many neurons of each layer a drawing's own pass has room for
  },
  watches: ["networkShows"],
  wanted: ({ networkShows }) => networkShows === "drawing",
  load: () => import("./pass_panel.js"),
};
