// What several parts of practice are made of.

import { make } from "../base/dom.js";
import { say } from "../base/words.js";

/**
 * A button with a text of the catalogue.
 *
 * @param {import("../base/words.js").Words} words
 * @param {string} name
 * @param {() => void} act
 * @param {{className?: string, blanks?: Record<string, any>, key?: string}} [look]
 */
export function button(words, name, act, { className = "", blanks = {}, key = name } = {}) {
  const made = make("button", { type: "button", className, textContent: say(words, name, blanks) });
  made.dataset.key = key;
  made.addEventListener("click", act);
  return made;
}

/** A paragraph with a text of the catalogue. */
export const line = (words, name, blanks = {}, className = "") =>
  make("p", { className, textContent: say(words, name, blanks) });

/**
 * A button that opens files; `take(files)` gets them.
 *
 * @param {import("../base/words.js").Words} words
 * @param {string} name
 * @param {(files: File[]) => void} take
 */
export function filesButton(words, name, take) {
  const input = make("input", { type: "file", accept: ".json", multiple: true, hidden: true });
  input.addEventListener("change", () => take([...input.files]));
  return [button(words, name, () => input.click()), input];
}

/** A table; `rows` are lists of texts, the first of each being its head. */
export function table(caption, heads, rows) {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col", textContent: text })));
  const body = rows.map(([first, ...cells]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: first }),
      ...cells.map((text) => make("td", { textContent: text })),
    ),
  );
  return make(
    "table",
    { className: "practice-table" },
    make("caption", { textContent: caption }),
    make("thead", {}, head),
    make("tbody", {}, ...body),
  );
}
