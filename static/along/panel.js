// The panel of what can be taken along, a dialog.

import { make } from "../base/dom.js";
import { apply } from "../base/words.js";
import { moviePart } from "./movie.js";
import { worded } from "./parts.js";
import { picturesPart } from "./pictures.js";
import { printPart } from "./print.js";
import { programsPart } from "./programs.js";
import { tablesPart } from "./tables.js";

const PARTS = [programsPart, picturesPart, tablesPart, moviePart, printPart];

/** Set up the dialog of the mount `all`, whose header has the button that opens it. */
export function mount(root, tools) {
  const { all, store, named } = tools;
  const title = worded("along.title", make("h2", { id: named("along") }));
  const dialog = make("dialog", { className: "along" });
  const close = () => dialog.close();
  const parts = PARTS.map((part) => part({ ...tools, close }));
  const button = worded("along.close", make("button", { type: "submit", className: "primary" }));
  const end = make("div", { className: "along-end" }, button);
  const form = make("form", { method: "dialog" }, title, ...parts.map(({ element }) => element), end);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(form);
  all.append(dialog);

  function show(state) {
    if (!state.alongOpen || !state.moment || !state.listing) return;
    if (!dialog.open) {
      dialog.showModal();
      for (const part of parts) part.begin?.(state);
    }
    for (const part of parts) part.show?.(state);
    apply(state.words, form);
  }

  dialog.addEventListener("close", () => {
    for (const part of parts) part.end?.();
    store.set({ alongOpen: false });
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // keys do not step the run meanwhile
  store.on(["alongOpen", "words"], show);
  return {};
}
