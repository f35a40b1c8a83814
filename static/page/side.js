// The right rail: its upper panels can be folded away, and all of it made wide, for what the inspector shows.

import { flag, listed, oneOf } from "../base/codecs.js";
import { ofView } from "../base/keys.js";

/** Set up the rail in `root`, whose width `all` gives. */
function mount(root, { all, store }) {
  const folds = [...root.querySelectorAll("[data-control=fold]")].map((button) => ({
    button,
    section: button.closest("section"),
  }));
  for (const { button, section } of folds) {
    const name = section.dataset.region;
    button.addEventListener("click", () => {
      const { folded } = store.get();
      store.set({ folded: folded.includes(name) ? folded.filter((each) => each !== name) : [...folded, name] });
    });
  }
  store.on(["folded"], ({ folded }) => {
    for (const { button, section } of folds) {
      const away = folded.includes(section.dataset.region);
      section.classList.toggle("folded", away);
      button.setAttribute("aria-expanded", String(!away));
    }
  });

  const wide = root.querySelector("[data-control=wide]");
  wide.addEventListener("click", () => store.set({ wide: !store.get().wide }));
  store.on(["wide"], ({ wide: wider }) => {
    all.dataset.wide = String(wider);
    wide.setAttribute("aria-pressed", String(wider));
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const side = {
  name: "side",
  slot: "side",
  state: { folded: ofView([], listed(oneOf(["plane", "pad"]))), wide: ofView(false, flag) },
  mount,
};
