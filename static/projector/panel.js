// The projector: the stage, its caption and the transport alone, in type that is read from far off.

import { flag } from "../base/codecs.js";
import { isAway } from "../base/dom.js";
import { ofView } from "../base/keys.js";
import { takesLetters } from "../base/typing.js";

/** Set up the button in `root`, the stage of the mount `all`; the key P does the same, and Escape leaves. */
function mount(root, { all, store, host: { keys } }) {
  const button = root.querySelector("[data-control=projector]");
  const turn = () => store.set({ projector: !store.get().projector });
  button.addEventListener("click", turn);
  store.life.listen(keys, "keydown", (event) => {
    const { key, target, defaultPrevented, ctrlKey, metaKey, altKey, repeat } = event;
    if (defaultPrevented || ctrlKey || metaKey || altKey || repeat || takesLetters(target) || isAway(button)) return;
    if (key !== "p" && key !== "P" && !(key === "Escape" && store.get().projector)) return;
    turn();
    event.preventDefault();
  });
  store.on(["projector"], ({ projector }) => {
    all.dataset.projector = String(projector);
    button.ariaPressed = String(projector);
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const projector = {
  name: "projector",
  slot: "network",
  state: { projector: ofView(false, { ...flag, carried: true }) },
  mount,
};
