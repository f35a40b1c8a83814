// The code of an equation: the lines that a book would print, or the NumPy that ran.

import { make } from "../../base/dom.js";
import { say } from "../../base/words.js";
import { COLUMNS, ROWS } from "../../tensor/convention.js";

/** The code as it is highlighted, its comments in the page's language. */
function highlighted(words, html) {
  const code = make("code", { innerHTML: html });
  for (const comment of /** @type {NodeListOf<HTMLElement>} */ (code.querySelectorAll("[data-comment]"))) {
    comment.textContent = `# ${say(words, `comment.${comment.dataset.comment}`)}`;
  }
  return code;
}

/** The code that is chosen, and what must be said of it. */
export function codeOf({ words, convention, ran }, step) {
  const html = ran ? step.code : convention === COLUMNS ? step.textbook_in_columns : step.textbook;
  const said = ran ? "" : step.rounds ? say(words, `rounds.${step.rounds}`) : "";
  return {
    code: highlighted(words, html),
    remarks: said ? [make("p", { className: "quiet", textContent: said })] : [],
  };
}

/** The switches of how equations are written, {element, show}. */
export function createSwitches(store) {
  const [columns, ran] = ["columns", "ran"].map((name) => {
    const [box, text] = [make("input", { type: "checkbox" }), make("span")];
    box.dataset.key = name;
    return { name, box, text, element: make("label", { className: "toggle" }, box, text) };
  });
  const told = make("p", { className: "quiet" });
  const element = make("div", { className: "switches" }, columns.element, ran.element, told);
  columns.box.addEventListener("change", () => store.set({ convention: columns.box.checked ? COLUMNS : ROWS }));
  ran.box.addEventListener("change", () => store.set({ ran: ran.box.checked }));
  return {
    element,
    show({ words, convention, ran: code }) {
      columns.box.checked = convention === COLUMNS;
      ran.box.checked = code;
      for (const each of [columns, ran]) {
        each.text.textContent = say(words, `now.${each.name}`);
        each.element.title = say(words, `now.${each.name}.hint`);
      }
      told.textContent = convention === COLUMNS ? say(words, "now.columns.says") : "";
      told.hidden = convention !== COLUMNS;
    },
  };
}
