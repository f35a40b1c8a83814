// The glossary: a card for every symbol and term. Its panel comes with the first of these; a press on a symbol or a term
// asks for one, and so does the key ?.

import { isAway } from "../base/dom.js";
import { optional, text } from "../base/codecs.js";
import { ofView, passing } from "../base/keys.js";
import { takesLetters } from "../base/typing.js";
import { cellName } from "../tensor/tensors.js";

/** @type {import("../base/feature.js").Feature} */
export const glossary = {
  name: "glossary",
  slot: "glossary",
  state: {
    glossary: ofView(null, optional(text)), // "" for the list, else an entry, a tensor, its element, or a sign
    askedFrom: passing(null), // the element at which it was asked
  },
  watches: ["glossary"],
  wanted: ({ glossary: asked }) => asked !== null,
  speaks: "glossary.see",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};

/** What is asked of the glossary at an element; undefined where nothing is. */
function askedAt(target) {
  const at = target.closest("canvas, [data-term], [data-tensor]");
  if (at) return at.dataset.term ?? at.dataset.tensor?.split(" ")[0];
  return target.closest("mi, mo")?.textContent.match(/[^\s\d.,()[\]{}|/=+−·-]+/)?.[0];
}

/** Hear of what is asked, anywhere in the mount `all`. */
function mount(root, { all, store, host: { keys } }) {
  const place = all.querySelector("[data-region=glossary]");
  const ask = (/** @type {string | undefined} */ asked, /** @type {Element} */ from) =>
    asked !== undefined &&
    !isAway(place) &&
    store.set({ glossary: asked, askedFrom: { element: from, region: from.closest("[data-region]") } });
  store.life.listen(all, "click", ({ target }) => ask(askedAt(target), target));
  store.life.listen(keys, "keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesLetters(target)) return;
    const { hovered, selected } = store.get();
    const mark = hovered ?? selected;
    const from = root.ownerDocument.activeElement ?? root;
    const here = askedAt(from);
    if (key === "?") ask(here ?? (mark?.index ? cellName(mark.tensor, mark.index) : ""), from);
    else if (key === "Enter" && !from.matches("button")) ask(here, from);
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const asking = { name: "asking", slot: "header", mount };
