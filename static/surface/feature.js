// The loss surface, a side of the stage: the values of its panel, when that is shown, and the button beside the chart.

import { fields, oneOf } from "../base/codecs.js";
import { ofView, passing, RUN } from "../base/keys.js";

/** The kinds of planes, and what a scene holds of each beside its kind. */
export const KINDS = { main_directions: [], moments: ["moments"], weights: ["weights"], random: ["seed"] };

const whole = (/** @type {any} */ value) => Number.isSafeInteger(value) && value >= 0;
const WEIGHT = /^(W|b|gamma|beta)\d+\[\d+(, \d+)?\]$/;

/** @type {Record<string, (value: any) => boolean>} */
const FITS = {
  moments: (value) => Array.isArray(value) && value.length === 3 && value.every(whole),
  weights: (value) => Array.isArray(value) && value.length === 2 && value.every((each) => WEIGHT.test(each)),
  seed: whole,
};

/** How a scene holds a plane: {kind} with the three moments, the names of two weights, or the seed. */
const plane = {
  fits: (/** @type {any} */ value) =>
    value !== null &&
    typeof value === "object" &&
    Object.hasOwn(KINDS, value.kind) &&
    Object.keys(value).length === KINDS[value.kind].length + 1 &&
    KINDS[value.kind].every((/** @type {string} */ name) => FITS[name](value[name])),
};

const number = { fits: Number.isFinite };

/** @type {import("../base/feature.js").Feature} */
export const surface = {
  name: "surface",
  slot: "surface",
  state: {
    surfacePlane: ofView({ kind: "main_directions" }, plane, RUN),
    surfaceExamples: ofView("training", oneOf(["training", "mini_batch"])),
    surfaceLook: ofView("map", oneOf(["map", "relief"])),
    // the part of the plane that is in sight: its middle and its magnification; null shows the whole paths
    surfaceExtent: ofView(null, { fits: (value) => value === null || EXTENT.fits(value, null) }, RUN),
    surfaceTold: passing(null, RUN), // {axes, losses, paths, variance, gap} of the surface that is shown
  },
  watches: ["stage"],
  wanted: ({ stage }) => stage === "surface",
  speaks: "surface.loss.training",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};

const EXTENT = fields({ along: number, across: number, times: { fits: (value) => value > 0 && value <= 1e6 } });

/** Set up the button beside the chart, in `root`. */
function mount(root, { store }) {
  const button = root.querySelector("[data-control=surface]");
  button.addEventListener("click", () => {
    store.set({ stage: store.get().stage === "surface" ? "network" : "surface" });
  });
  store.on(["stage"], ({ stage }) => {
    button.ariaPressed = String(stage === "surface");
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const surfaceButton = { name: "surface_button", slot: "loss", mount };
