// What is printed: the experiment, its pictures as they are drawn on light ground, the equation of the moment, the settings.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { captionOf } from "./caption.js";
import { bareOf } from "./drawing.js";
import { settingsOf } from "./settings.js";

const NARROW = 400; // pixels, up to which a picture stands beside the settings

/** A drawing in the sheet, with its name below. */
async function figureOf(words, picture, colours) {
  const svg = new DOMParser().parseFromString(await bareOf(picture, colours), "image/svg+xml").documentElement;
  const name = say(words, picture.word, picture.blanks);
  const figure = make("figure", {}, document.importNode(svg, true), make("figcaption", { textContent: name }));
  figure.style.setProperty("--wide", String(picture.width));
  return figure;
}

/** What the caption of the page says, without its controls: the equation, and the sentence about it. */
function equationOf(all) {
  const parts = [...all.querySelectorAll("[data-region=caption] :is(.caption-equation, p)")];
  const copies = parts.map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  for (const copy of copies) copy.removeAttribute("style");
  return copies;
}

/** The settings as a list of names and what they are set to. */
const listOf = (pairs) =>
  make(
    "dl",
    {},
    ...pairs.flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", { textContent: value })]),
  );

/** The sheet of what the mount `all` shows now. It is light, whatever the theme of the page. */
export async function sheetOf({ all, store, offers, link, taken }) {
  const { theme } = store.get();
  store.set({ theme: "light" }); // what is drawn takes its colours from there
  const state = store.get();
  const { words, listing, moment } = state;
  const colours = palette(all);
  const { title, place, address } = captionOf(state, moment.t, { offers, link });
  const figures = (/** @type {any[]} */ pictures) =>
    Promise.all(pictures.map((picture) => figureOf(words, picture, colours)));
  const pictures = taken("pictures");
  const wide = await figures(pictures.filter(({ width }) => width > NARROW));
  const narrow = await figures(pictures.filter(({ width }) => width <= NARROW));
  store.set({ theme });
  const sheet = make(
    "article",
    { className: "printed" },
    make("header", {}, make("b", { textContent: "Backscope" }), make("h2", { textContent: title })),
    make("p", { className: "place", textContent: place }),
    make("div", { className: "equation" }, ...equationOf(all)),
    ...wide,
    make("div", { className: "printed-settings" }, ...narrow, listOf(settingsOf(words, listing.experiment))),
    make("footer", { textContent: address }),
  );
  sheet.dataset.theme = "light";
  return sheet;
}
