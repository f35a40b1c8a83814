// The pictures that cost most, or those of one cell of the matrix: a click puts one onto the pad.

import { palette } from "../base/colours.js";
import { make, refill } from "../base/dom.js";
import { alike, brief, count } from "../base/numbers.js";
import { chosenOf } from "./predictions.js";
import { say } from "../base/words.js";
import { createInputs } from "./inputs.js";
import { className, readAs } from "./names.js";
import { canvasOf, marksOf, pictureOf } from "./picture.js";

const SHOWN = 20;

/** Fill a heading: what is listed, and the way back from a cell's examples to all. */
export function headline({ words, listing, cell, predictions }, title, back) {
  const wrong = predictions?.classes
    ? predictions.rows.label.filter((label, i) => label !== predictions.rows.answer[i]).length
    : 0;
  const of =
    cell && predictions?.classes ? predictions.confusion[cell.label * predictions.classes + cell.answer] : wrong;
  title.textContent = say(words, cell ? "learned.chosen" : "learned.worst", {
    reading: cell ? readAs(words, listing, cell) : "",
    count: count(of),
  });
  back.hidden = !cell;
  back.textContent = say(words, "learned.all");
}

export function galleryPart(root, store, { ask, show }) {
  const title = make("h3");
  const back = make("button", { type: "button", className: "quiet-button" });
  const list = make("ul", { className: "gallery" });
  const told = make("p", { className: "quiet" });
  root.append(make("div", { className: "heading" }, title, back), list, told);
  const inputs = createInputs(ask, show);
  let drawn = [];
  let put = null; // what was put onto the pad from here, with the cell that it was found in

  back.addEventListener("click", () => store.set({ cell: null }));

  function tell({ words, predictions, listing, cell, onPad }) {
    if (put && put.onPad === onPad && put.cell === cell)
      told.textContent = say(words, "learned.on_pad", { label: className(words, listing, onPad.label) });
    else
      told.textContent = say(
        words,
        !predictions ? "learned.counting" : list.childElementCount ? "learned.gallery" : "learned.none",
      );
  }

  function item({ words, listing }, data, each, output) {
    const mark = data && pictureOf("x", each.row, data);
    if (mark) drawn.push(mark);
    const picture = mark ? canvasOf(mark, palette(root)) : make("span", { className: "small-picture" });
    const blanks = {
      reading: readAs(words, listing, each),
      output,
      loss: brief(each.loss),
      row: count(each.row),
    };
    const caption = make(
      "span",
      { className: "reading" },
      className(words, listing, each.label),
      make("i", { textContent: " → " }),
      make("b", { textContent: className(words, listing, each.answer) }),
    );
    const button = make(
      "button",
      {
        type: "button",
        title: say(words, "learned.picture", blanks), // what it is called is written on it
        disabled: !data,
      },
      picture,
      caption,
      make("small", { textContent: output }),
    );
    button.dataset.key = `row ${each.row}`;
    button.addEventListener("click", () => {
      const onPad = { picture: Uint8Array.from(data, (value) => Math.round(255 * value)), label: each.label };
      store.set({ onPad });
      put = { onPad, cell: store.get().cell };
      tell(store.get());
    });
    return make("li", {}, button);
  }

  return {
    show(state) {
      const { predictions } = state;
      headline(state, title, back);
      drawn = [];
      const found = predictions?.classes ? chosenOf(state, SHOWN) : [];
      const pictures = inputs.of(
        state,
        found.map(({ row }) => row),
      );
      const outputs = alike(found.map(({ output }) => output));
      refill(list, ...found.map((each, i) => item(state, pictures[i], each, outputs[i])));
      tell(state);
    },
    marks: () => drawn.flatMap((mark) => marksOf(mark, palette(root))),
  };
}
