// The pictures that the page shows now, each as SVG and as PNG.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { say } from "../base/words.js";
import { captionOf } from "./caption.js";
import { drawingOf } from "./drawing.js";
import { nameOfFile } from "./names.js";
import { partOf } from "./parts.js";

/** The part of the panel: {element, show}. `taken("pictures")` are those that the page shows. */
export function picturesPart({ all, store, offers, link, taken }) {
  const list = make("ul", { className: "along-list" });
  const none = make("p", { className: "quiet" });
  const element = partOf("pictures", list, none);

  async function take(picture, kind) {
    const state = store.get();
    const look = { font: getComputedStyle(all).fontFamily, colours: palette(all) };
    const drawing = drawingOf(picture, captionOf(state, state.moment.t, { offers, link }), look);
    download(nameOfFile(state, picture.name, kind), await drawing[kind]());
  }

  function rowOf(words, picture) {
    const name = say(words, picture.word, picture.blanks);
    const buttons = ["svg", "png"].map((kind) => {
      const button = make("button", { type: "button", textContent: kind.toUpperCase() });
      button.ariaLabel = say(words, "along.take_as", { name, kind: kind.toUpperCase() });
      button.addEventListener("click", () => take(picture, kind));
      return button;
    });
    return make("li", {}, make("span", { textContent: name }), ...buttons);
  }

  return {
    element,
    show({ words }) {
      const pictures = taken("pictures");
      list.replaceChildren(...pictures.map((picture) => rowOf(words, picture)));
      none.textContent = pictures.length ? "" : say(words, "along.pictures.none");
    },
  };
}
