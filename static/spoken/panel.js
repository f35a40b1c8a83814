// A polite live region: it says what the keys point at in the network, what they keep, and where the run was paused.

import { say } from "../base/words.js";
import { position } from "../transport/panel.js";
import { textOf } from "./text.js";

/** Set up the region in `root`, of the mount `all`. */
export function mount(root, { all, store }) {
  const network = all.querySelector("canvas.overlay");
  let played = false; // whether it has played since the last pause was told
  let kept = store.get().selected;

  const byKeys = () => root.ownerDocument.activeElement === network;
  const tell = (/** @type {string} */ text) => {
    root.textContent = text;
  };

  store.on(["hovered"], (state) => {
    if (byKeys() && state.hovered?.index && state.moment) tell(textOf(state, state.hovered));
  });
  store.on(["selected"], ({ words, selected }) => {
    if (byKeys() && selected !== kept) tell(say(words, selected ? "spoken.kept" : "spoken.left"));
    kept = selected;
  });
  store.on(["playing"], ({ words, listing, moment, playing }) => {
    if (!playing && played && moment) {
      const { place, now } = position(words, listing, moment.t);
      tell(say(words, "spoken.paused", { place: `${place} · ${now}` }));
    }
    played = playing;
  });
  return {};
}
