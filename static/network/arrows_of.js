// Whose gradients the arrows show: the mean of the mini-batch, or those of the example that is shown.

import { gradientsOf } from "../ask/watch.js";
import { say } from "../base/words.js";

export const ARROWS_OF = ["mini_batch", "example"];

/** Offer the choice by buttons, which `root` has in the same order. Updates are of the mini-batch only. */
export function offerArrowsOf(root, store) {
  const buttons = root.querySelectorAll("button");
  ARROWS_OF.forEach((arrowsOf, i) => buttons[i].addEventListener("click", () => store.set({ arrowsOf })));
  function show(state) {
    const own = gradientsOf(state) !== null;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(own === (ARROWS_OF[i] === "example"))));
    buttons[1].disabled = state.arrows === "update";
  }
  store.on(["arrows", "arrowsOf", "example"], show);
  show(store.get());
}

/** Whose gradients the arrows show, in words. `layers` are those in force. */
export function ofWhom(state, layers) {
  const { words, moment, listing } = state;
  if (gradientsOf(state) === null)
    return say(words, "arrows_of.mini_batch.says", {
      count: moment.examples || listing.experiment.mini_batch_size,
    });
  const normed = layers.some(({ batch_norm }) => batch_norm);
  return say(words, normed ? "arrows_of.example.normed" : "arrows_of.example.says", {
    example: moment.shownExample(state.example) + 1,
  });
}
