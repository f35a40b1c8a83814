// The card beside what is pointed at or chosen in the network: it comes with the first of these.

import { passing } from "../base/keys.js";

/** @type {import("../base/feature.js").Feature} */
export const card = {
  name: "card",
  slot: "card",
  state: { inspected: passing(0) }, // how often one has gone on from a card to the inspector
  watches: ["hovered", "selected"],
  wanted: ({ hovered, selected }) => Boolean(hovered ?? selected),
  load: () => import("./panel.js"),
};
