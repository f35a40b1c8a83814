// The map, a side of the stage: the values of its panel, when that is shown, and the button beside the chart.

import { fields, optional, text, whole } from "../base/codecs.js";
import { ofView, PRESET } from "../base/keys.js";

export const SIDES = [8, 16, 32, 64]; // runs on a side
export const [SIDE, STEPS] = [64, 200]; // of a map at first
export const [FEWEST_STEPS, MOST_STEPS] = [10, 2000];

const number = { fits: Number.isFinite };
const axis = fields({ field: text, low: number, high: number });

/** @type {import("../base/feature.js").Feature} */
export const map = {
  name: "map",
  slot: "map",
  state: {
    mapAxes: ofView(null, optional(fields({ x: axis, y: axis })), PRESET), // null: the first two settings, over their own ranges
    mapSide: ofView(SIDE, { fits: (value) => SIDES.includes(value) }),
    mapSteps: ofView(STEPS, whole(FEWEST_STEPS, MOST_STEPS)),
  },
  watches: ["stage"],
  wanted: ({ stage }) => stage === "map",
  speaks: "map.axis.x",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};

/** Set up the button beside the chart, in `root`. */
function mount(root, { store }) {
  const button = root.querySelector("[data-control=map]");
  button.addEventListener("click", () => {
    store.set({ stage: store.get().stage === "map" ? "network" : "map" });
  });
  store.on(["stage"], ({ stage }) => {
    button.ariaPressed = String(stage === "map");
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const mapButton = { name: "map_button", slot: "loss", mount };
