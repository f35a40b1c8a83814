// The stage's sides: the network, what it has learned, and whatever else is declared to have a tab there.

import { offer } from "../base/feature.js";
import { tabs } from "../base/tabs.js";

/** Set up the tabs in `root`, the stage, for its sides, `shown` by their names; the one in front is the store's `stage`. */
export function stageTabs(root, sides, shown, { store, named }) {
  const list = root.querySelector("[data-part=sides]");
  offer(list, sides, { words: "stage", ids: "side", named }, (name) => shown[name]);
  tabs(list, store, "stage", (name) => {
    root.dataset.stage = name;
  });
}
