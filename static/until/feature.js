// Stop when: conditions at which training stops, beside the transport, and why it has stopped.

import { ofRun, ofView, passing, CHANGE, PRESET } from "../base/keys.js";

const MOST = 12; // conditions, as many as the server takes
const isNumber = (/** @type {any} */ each) => Number.isFinite(each);
const isSetting = (/** @type {any} */ each) =>
  ["string", "boolean"].includes(typeof each) || isNumber(each) || (Array.isArray(each) && each.every(isNumber));

/** Conditions in plain form, each also with `and`, where it goes with the one before, and `off`. @type {import("../base/codecs.js").Codec} */
const conditions = {
  fits: (value) =>
    Array.isArray(value) &&
    value.length <= MOST &&
    value.every((each) => typeof each?.name === "string" && Object.values(each).every(isSetting)),
};

/** @type {import("../base/feature.js").Feature} */
export const stopWhen = {
  name: "stop_when",
  slot: "stop-when",
  state: {
    stops: ofView([], conditions, PRESET),
    stopped: ofRun(null, CHANGE), // where a condition has stopped the run, {t, condition}
    stopsOpen: passing(false), // whether the panel is open
    stopsRefused: passing(null), // why the server does not take the conditions
  },
  watches: ["stopsOpen", "stopped", "stopsRefused"],
  wanted: ({ stopsOpen, stopped, stopsRefused }) => Boolean(stopsOpen || stopped || stopsRefused),
  speaks: "until.add",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
