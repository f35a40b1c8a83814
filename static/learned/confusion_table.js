// The confusion matrix as a table of buttons, which the arrow keys go through.

import { make } from "../base/dom.js";
import { beside } from "./cells.js";

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * An empty table; `pointed(place)` hears of the cell under the pointer or the focus, null when there is none any more,
 * and `chosen({label, answer})` of one that is clicked. `size(classes, named)` gives it so many rows and columns, whose heads have names or numbers, and then
 * `parts` has the `buttons` of its cells, the `rights` at the ends of its rows, and its `heads`.
 */
export function createConfusionTable({ pointed, chosen }) {
  const element = make("table", { className: "confusion" });
  const parts = { buttons: [], rights: [], heads: { across: [], down: [], right: null } };

  function button(place, classes) {
    const made = make("button", { type: "button", tabIndex: place ? -1 : 0 });
    made.dataset.key = `cell ${place}`;
    for (const event of ["pointerenter", "focus"]) made.addEventListener(event, () => pointed(place));
    for (const event of ["pointerleave", "blur"]) made.addEventListener(event, () => pointed(null));
    made.addEventListener("click", () => chosen({ label: Math.floor(place / classes), answer: place % classes }));
    return made;
  }

  function size(classes, named = false) {
    element.dataset.named = String(named);
    if (parts.buttons.length === classes ** 2) return;
    const all = Array.from({ length: classes }, (_, label) => label);
    const across = all.map(() => make("th", { scope: "col" }));
    const down = all.map(() => make("th", { scope: "row" }));
    const right = make("th", { scope: "col", className: "share" });
    const buttons = Array.from({ length: classes ** 2 }, (_, place) => button(place, classes));
    const rights = all.map(() => make("td", { className: "share" }));
    const cells = (label) => all.map((answer) => make("td", {}, buttons[label * classes + answer]));
    element.replaceChildren(
      make("thead", {}, make("tr", {}, make("td", { className: "corner" }), ...across, right)),
      make("tbody", {}, ...all.map((label) => make("tr", {}, down[label], ...cells(label), rights[label]))),
    );
    element.dataset.classes = String(classes);
    Object.assign(parts, { buttons, rights, heads: { across, down, right } });
  }

  element.addEventListener("keydown", (event) => {
    const { buttons } = parts;
    const way = WAYS[event.key];
    const place = buttons.indexOf(event.target);
    if (!way || place < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = beside(place, way, Math.sqrt(buttons.length));
    if (next === null) return;
    buttons[place].tabIndex = -1;
    buttons[next].tabIndex = 0;
    buttons[next].focus();
  });

  return { element, parts, size };
}
