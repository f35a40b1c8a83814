// A table of examples, each of which can be pointed out.

import { make } from "../base/dom.js";

/** A button that names a row and points it out. */
export function rowButton(text, row, pressed, chosen) {
  const button = make("button", {
    type: "button",
    className: "quiet-button",
    textContent: text,
    ariaPressed: String(pressed),
  });
  button.dataset.key = `row ${row}`;
  button.addEventListener("click", chosen);
  return button;
}

/** A table with these heads; the first cell of each row is its button, the others are texts. */
export function table(heads, rows) {
  const head = make("tr", {}, ...heads.map((textContent) => make("th", { scope: "col", textContent })));
  const lines = rows.map(([button, ...texts]) =>
    make("tr", {}, make("th", { scope: "row" }, button), ...texts.map((textContent) => make("td", { textContent }))),
  );
  return make("table", { className: "example-rows" }, make("thead", {}, head), make("tbody", {}, ...lines));
}
