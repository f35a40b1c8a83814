// Parameters drawn at random, each with its gradient, its quotient and the verdict; each row chooses its parameter.

import { make } from "../../base/dom.js";
import { lights } from "../../tensor/linked_highlight.js";
import { brief, count } from "../../base/numbers.js";
import { cellName } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

const NOTHING = "none"; // the verdict at a kink
const COLUMNS = ["parameter", "analytic", "numeric", "error", "verdict"];

const keyOf = ({ tensor, index }) => cellName(tensor, index);

function lineOf(store, row) {
  const button = make("button", { type: "button", className: "quiet-button", textContent: keyOf(row) });
  button.addEventListener("click", () => store.set({ selected: { tensor: row.tensor, index: row.index } }));
  const line = make("tr", {}, make("th", { scope: "row" }, button), ...COLUMNS.slice(1).map(() => make("td")));
  return lights(line, store, [{ tensor: row.tensor, index: row.index }]);
}

function write(words, line, row, selected) {
  const [head, ...cells] = line.cells;
  const verdict = say(words, `proof.verdict.${row.verdict ?? NOTHING}`);
  [brief(row.analytic), brief(row.numeric), brief(row.error), verdict].forEach(
    (text, i) => (cells[i].textContent = text),
  );
  line.className = row.verdict ?? "";
  head.firstChild.setAttribute("aria-pressed", String(keyOf(row) === selected));
}

/** A table; `show(words, rows, selected)` fills it. Rows that stay the same ones keep the focus. */
export function createDrawn(store) {
  const heads = COLUMNS.map(() => make("th", { scope: "col" }));
  const body = make("tbody");
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
  const summary = make("p", { className: "quiet" });
  const element = make("div", { className: "drawn" }, summary, make("div", { className: "scroll" }, table));
  let shown = "";

  function show(words, t, rows, selected) {
    element.hidden = !rows.length;
    const keys = rows.map(keyOf).join();
    if (keys !== shown) body.replaceChildren(...rows.map((row) => lineOf(store, row)));
    shown = keys;
    heads.forEach((head, i) => (head.textContent = say(words, `proof.column.${COLUMNS[i]}`)));
    rows.forEach((row, i) => write(words, body.rows[i], row, selected && keyOf(selected)));
    const of = (verdict) => rows.filter((row) => row.verdict === verdict).length;
    const blanks = { t: count(t), count: rows.length, right: of("right"), wrong: of("wrong"), kinks: of(null) };
    const text = rows.length
      ? say(words, blanks.wrong ? "proof.drawn.wrong" : blanks.kinks ? "proof.drawn.kinks" : "proof.drawn", blanks)
      : "";
    if (summary.textContent !== text) summary.textContent = text;
  }

  return { element, show };
}
