// The stage's two sides: the network, and what it has learned.

import { tabs } from "../base/tabs.js";

/** Set up the tabs in `root`, the stage; the side in front is the store's `stage`. */
export function stagePanel(root, store) {
  tabs(root.querySelector("[data-part=sides]"), store, "stage", (name) => {
    root.dataset.stage = name;
  });
}
