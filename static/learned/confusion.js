// The confusion matrix: of each class, how many examples were given each answer. A cell chooses its examples.

import { mix, palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { count, roundScale } from "../base/numbers.js";
import { say } from "../base/words.js";
import { className, percent, readAs } from "./names.js";

const HALF = 0.5; // of full ink: beyond it the number is written in the colour of the paper
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The cells of a result: {label, answer, value, of, share}. */
function cellsOf({ classes, confusion, perClass }) {
  return Array.from(confusion, (value, place) => {
    const [label, answer] = [Math.floor(place / classes), place % classes];
    const { of } = perClass[label];
    return { label, answer, value, of, share: of ? value / of : 0 };
  });
}

/** The share of a row that is full ink: a round one above the largest off the diagonal. */
const scaleOf = (cells) =>
  roundScale(Math.max(...cells.filter(({ label, answer }) => label !== answer).map(({ share }) => share)));

/** How a cell is painted: off the diagonal as dark as its share; the diagonal is right, and stands apart. */
function lookOf(cell, scale, colours) {
  if (cell.label === cell.answer) return { background: colours.surface, colour: colours.text };
  const part = Math.min(1, cell.share / scale);
  return {
    background: mix(colours.paper, colours.ink, part),
    colour: part > HALF ? colours.paper : cell.value ? colours.text : colours.muted,
  };
}

export function confusionPart(root, store) {
  const title = make("h3");
  const table = make("table", { className: "confusion" });
  const status = make("p", { className: "pointed", ariaLive: "polite" });
  const legend = make("p", { className: "quiet" });
  root.append(
    make("div", { className: "heading" }, title, status),
    make("div", { className: "scroll" }, table),
    legend,
  );
  let buttons = [];
  let rights = [];
  let heads = {};
  let pointed = null; // the cell under the pointer or the focus

  const sentence = ({ words, listing }, cell) =>
    say(words, "learned.cell", {
      reading: readAs(words, listing, cell),
      value: count(cell.value),
      of: count(cell.of),
      share: percent(cell.share),
    });

  function button(place, classes) {
    const made = make("button", { type: "button", tabIndex: place ? -1 : 0 });
    made.dataset.key = `cell ${place}`;
    const cell = { label: Math.floor(place / classes), answer: place % classes };
    const point = (on) => () => {
      pointed = on ? place : null;
      tell(store.get());
    };
    made.addEventListener("pointerenter", point(true));
    made.addEventListener("pointerleave", point(false));
    made.addEventListener("focus", point(true));
    made.addEventListener("blur", point(false));
    made.addEventListener("click", () => {
      const { cell: chosen } = store.get();
      store.set({ cell: chosen?.label === cell.label && chosen.answer === cell.answer ? null : cell });
    });
    return made;
  }

  function build(classes) {
    const all = Array.from({ length: classes }, (_, label) => label);
    const across = all.map(() => make("th", { scope: "col" }));
    const down = all.map(() => make("th", { scope: "row" }));
    const right = make("th", { scope: "col", className: "share" });
    buttons = Array.from({ length: classes ** 2 }, (_, place) => button(place, classes));
    rights = all.map(() => make("td", { className: "share" }));
    heads = { across, down, right };
    const rows = all.map((label) =>
      make(
        "tr",
        {},
        down[label],
        ...all.map((answer) => make("td", {}, buttons[label * classes + answer])),
        rights[label],
      ),
    );
    table.replaceChildren(
      make("thead", {}, make("tr", {}, make("td", { className: "corner" }), ...across, right)),
      make("tbody", {}, ...rows),
    );
    table.dataset.classes = String(classes);
  }

  table.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    const place = buttons.indexOf(event.target);
    if (!way || place < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const classes = Math.sqrt(buttons.length);
    const [row, column] = [Math.floor(place / classes) + way[0], (place % classes) + way[1]];
    if (row < 0 || column < 0 || row >= classes || column >= classes) return;
    buttons[place].tabIndex = -1;
    buttons[row * classes + column].tabIndex = 0;
    buttons[row * classes + column].focus();
  });

  /** Say what the cell holds that is pointed at, or else the chosen one. */
  function tell(state) {
    const { judged, cell: chosen } = state;
    const cells = judged?.classes ? cellsOf(judged) : [];
    const cell = cells[pointed ?? (chosen ? chosen.label * judged?.classes + chosen.answer : -1)];
    const text = cell ? sentence(state, cell) : "";
    if (status.textContent !== text) status.textContent = text;
  }

  function explain({ words, judged }, cells) {
    const lost = judged?.done && cells.length ? judged.done - judged.answered : 0;
    const share = percent(cells.length ? scaleOf(cells) : NaN, 0);
    legend.textContent =
      say(words, "learned.confusion.legend", { share }) +
      (lost ? ` ${say(words, "learned.lost", { count: count(lost) })}` : "");
  }

  return {
    show(state) {
      const { words, listing, judged, cell: chosen } = state;
      root.hidden = listing.kind !== "classes";
      if (root.hidden) return;
      const classes = Math.max(2, listing.sizes.at(-1));
      if (buttons.length !== classes ** 2) build(classes);
      title.textContent = say(words, "learned.confusion");
      const name = (label) => (classes > 2 ? String(label) : className(words, listing, label));
      [...heads.across, ...heads.down].forEach((head, i) => (head.textContent = name(i % classes)));
      heads.right.textContent = say(words, "learned.right");
      const cells = judged?.classes === classes ? cellsOf(judged) : [];
      const colours = palette(root);
      const scale = cells.length ? scaleOf(cells) : 1;
      buttons.forEach((each, place) => {
        const cell = cells[place];
        const { background, colour } = cell ? lookOf(cell, scale, colours) : { background: "", colour: colours.muted };
        Object.assign(each.style, { background, color: colour });
        each.textContent = cell ? String(cell.value) : "—";
        each.ariaLabel = cell ? sentence(state, cell) : "—";
        const [label, answer] = [Math.floor(place / classes), place % classes];
        each.className = label === answer ? "right" : "";
        each.ariaPressed = String(chosen?.label === label && chosen.answer === answer);
      });
      rights.forEach((each, label) => {
        const found = cells.length ? judged.perClass[label] : null;
        each.textContent = found?.of ? ((100 * found.right) / found.of).toFixed(1) : "—";
      });
      explain(state, cells);
      tell(state);
    },
    marks({ judged }) {
      if (root.hidden || !judged?.classes) return [];
      const cells = cellsOf(judged);
      const [colours, scale] = [palette(root), scaleOf(cells)];
      return cells.map((cell) => ({
        kind: "confusion",
        tensor: "confusion",
        index: [cell.label, cell.answer],
        value: cell.value,
        colour: lookOf(cell, scale, colours).background,
        size: 1,
      }));
    },
  };
}
