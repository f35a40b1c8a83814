// The stage's two sides: the network, and what it has learned.

import { tabs } from "../base/tabs.js";

/** Set up the tabs in `root`, the stage; the side in front is the store's `stage`. */
export function stagePanel(root, store) {
  const front = tabs(root.querySelector("[data-part=sides]"), (name) => {
    root.dataset.stage = name;
    store.set({ stage: name });
  });
  store.on(["stage"], ({ stage }) => root.dataset.stage !== stage && front.open(stage));
}
