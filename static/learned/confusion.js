// The confusion matrix: of each class, how many examples were given each answer. A cell chooses its examples.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { cellMarks, cellsOf, legendOf, lookOf, scaleOf, sentenceOf } from "./cells.js";
import { createConfusionTable } from "./confusion_table.js";
import { className } from "./names.js";

export function confusionPart(root, store) {
  const title = make("h3");
  const table = createConfusionTable({
    pointed(place) {
      pointed = place;
      tell(store.get());
    },
    chosen(cell) {
      const { cell: before } = store.get();
      store.set({ cell: before?.label === cell.label && before.answer === cell.answer ? null : cell });
    },
  });
  const status = make("p", { className: "pointed", ariaLive: "polite" });
  const legend = make("p", { className: "quiet" });
  root.append(
    make("div", { className: "heading" }, title, status),
    make("div", { className: "scroll" }, table.element),
    legend,
  );
  let pointed = null; // the cell under the pointer or the focus

  /** Say what the cell holds that is pointed at, or else the chosen one. */
  function tell(state) {
    const { predictions, cell: chosen } = state;
    const cells = predictions?.classes ? cellsOf(predictions) : [];
    const cell = cells[pointed ?? (chosen ? chosen.label * predictions?.classes + chosen.answer : -1)];
    const text = cell ? sentenceOf(state.words, state.listing, cell) : "";
    if (status.textContent !== text) status.textContent = text;
  }

  return {
    show(state) {
      const { words, listing, predictions, cell: chosen } = state;
      root.hidden = listing.kind !== "classes";
      if (root.hidden) return;
      const classes = Math.max(2, listing.sizes.at(-1));
      table.size(
        classes,
        listing.classes.some((each) => each.length > 2),
      );
      const { buttons, rights, heads } = table.parts;
      title.textContent = say(words, "learned.confusion");
      const name = (label) =>
        classes > 2 ? (listing.classes[label] ?? String(label)) : className(words, listing, label);
      [...heads.across, ...heads.down].forEach((head, i) => (head.textContent = name(i % classes)));
      heads.right.textContent = say(words, "learned.right");
      const cells = predictions?.classes === classes ? cellsOf(predictions) : [];
      const colours = palette(root);
      const scale = cells.length ? scaleOf(cells) : 1;
      buttons.forEach((each, place) => {
        const cell = cells[place];
        const { background, colour } = cell ? lookOf(cell, scale, colours) : { background: "", colour: colours.muted };
        Object.assign(each.style, { background, color: colour });
        each.textContent = cell ? String(cell.value) : "—";
        each.ariaLabel = cell ? sentenceOf(words, listing, cell) : "—";
        const [label, answer] = [Math.floor(place / classes), place % classes];
        each.className = label === answer ? "right" : "";
        each.ariaPressed = String(chosen?.label === label && chosen.answer === answer);
      });
      rights.forEach((each, label) => {
        const found = cells.length ? predictions.perClass[label] : null;
        each.textContent = found?.of ? ((100 * found.right) / found.of).toFixed(1) : "—";
      });
      legend.textContent = legendOf(words, predictions, cells);
      tell(state);
    },
    marks: ({ predictions }) =>
      root.hidden || !predictions?.classes ? [] : cellMarks(cellsOf(predictions), palette(root)),
  };
}
