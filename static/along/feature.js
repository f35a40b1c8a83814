// Taking along what is shown: programs, pictures, tables, a stretch of training, a printed page. Its button is in the header.

import { passing } from "../base/keys.js";

/** @type {import("../base/feature.js").Feature} */
export const along = {
  name: "along",
  slot: "header",
  state: { alongOpen: passing(false) }, // whether the panel is open
  watches: ["alongOpen"],
  wanted: ({ alongOpen }) => alongOpen,
  speaks: "along.title",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
