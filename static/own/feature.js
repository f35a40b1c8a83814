// One's own data: a table that is pasted or dropped, or points that are painted. Its panel is fetched when it is opened.

import { passing } from "../base/keys.js";

/** @type {import("../base/feature.js").Feature} */
export const own = {
  name: "own",
  slot: "experiment",
  state: { ownOpen: passing(null) }, // which of its tabs is open: "table", "points", or null
  watches: ["ownOpen"],
  wanted: ({ ownOpen }) => ownOpen !== null,
  speaks: "own.title",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
