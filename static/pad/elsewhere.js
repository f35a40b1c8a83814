// Where the run's network does not read digits: one that does is offered in place of the pad.

import { reads } from "./seen.js";

const DIGITS = "digits_best"; // the preset that reads drawings best

function mount(root, { store, choices, startPreset }) {
  const button = root.querySelector("[data-control=open-digits]");
  button.addEventListener("click", () => startPreset(choices.presets[DIGITS]));
  store.on(["listing"], (state) => root.classList.toggle("reads", Boolean(reads(state))));
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const elsewhere = { name: "elsewhere", slot: "pad", mount };
