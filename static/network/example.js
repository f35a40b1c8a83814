// Which example of the mini-batch the circles and halos show.

import { throttled } from "../base/throttle.js";
import { say } from "../base/words.js";
import { whole } from "../base/codecs.js";
import { ofView, RUN } from "../base/keys.js";

const FIRST = 1; // of the first preset, the one before has no inputs but 0

/** How many examples there are to choose from; before a mini-batch is drawn, as many as there will be. */
function available({ moment, listing }) {
  return moment?.examples || listing.experiment.mini_batch_size;
}

export function examplePanel(root, store) {
  const [back, on] = root.querySelectorAll("button");
  const text = root.querySelector("[data-part=example]");
  const shown = (state) => Math.min(state.example, available(state) - 1);
  const go = (way) => {
    const state = store.get();
    store.set({ example: (shown(state) + way + available(state)) % available(state) });
  };
  back.addEventListener("click", () => go(-1));
  on.addEventListener("click", () => go(1));
  const show = throttled(store, (state) => {
    if (!state.listing) return;
    root.hidden = available(state) < 2;
    text.textContent = say(state.words, "example", { example: shown(state) + 1, count: available(state) });
  });
  store.on(["moment", "example", "words", "listing"], show);
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const example = {
  name: "example",
  slot: "example",
  state: { example: ofView(FIRST, whole(0), RUN) },
  mount: (root, { store }) => examplePanel(root, store),
};
