// The first rows of a table, with what each column is taken for: the target, an input, or nothing.

import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { say } from "../base/words.js";

/** @typedef {{name: string, text: boolean, missing: number, different: number, labels: string[], kind: string}} Column */

/** The columns that are inputs where nothing is said of them. @type {(columns: Column[], target: string) => string[]} */
export const usualInputs = (columns, target) =>
  columns.filter(({ name, text }) => name !== target && !text).map(({ name }) => name);

/** The columns that are inputs in a form of a data set. */
export const inputsOf = (columns, { inputs, target }) => inputs ?? usualInputs(columns, target);

/** The form with one column taken in as an input or left out; all usual ones need not be said. */
export function withInput(columns, form, name, taken) {
  const now = inputsOf(columns, form);
  const inputs = columns.map((each) => each.name).filter((each) => (each === name ? taken : now.includes(each)));
  const { inputs: _, ...rest } = form;
  const usual = usualInputs(columns, form.target);
  return inputs.join("\n") === usual.join("\n") ? rest : { ...rest, inputs };
}

/** The form with another target, whose kind is the likely one, and the usual inputs. */
export function withTarget(columns, { inputs: _inputs, ...form }, name) {
  return { ...form, target: name, kind: columns.find((each) => each.name === name).kind };
}

/** What is known of a column, in a few words. */
function aboutOf(words, { text, missing, different }) {
  const kind = say(words, text ? "own.column.text" : "own.column.numbers", { different: count(different) });
  const parts = missing ? [kind, say(words, "own.column.missing", { missing: count(missing) })] : [kind];
  return parts.join(say(words, "list.comma"));
}

/** One cell of the table's head. */
const head = (...content) => make("th", { scope: "col" }, ...content);

/** The choice of a column as the target or as an input. */
function choice(type, label, key, chosen, changed, fields = {}) {
  const made = make("input", { type, ariaLabel: label, checked: chosen, ...fields });
  made.dataset.key = key;
  made.addEventListener("change", () => changed(made.checked));
  return made;
}

/** The preview as a table; `changed(form)` hears of another form. `named` makes names of the mount's own. */
export function previewOf(words, told, form, named, changed) {
  const { columns } = told;
  const inputs = inputsOf(columns, form);
  const targets = columns.map(
    ({ name }) =>
      choice(
        "radio",
        say(words, "own.target.of", { name }),
        `target ${name}`,
        name === form.target,
        () => changed(withTarget(columns, form, name)),
        { name: named("own-target") },
      ), // prettier-ignore
  );
  const taken = columns.map(
    ({ name, text }) =>
      choice(
        "checkbox",
        say(words, "own.input.of", { name }),
        `input ${name}`,
        inputs.includes(name),
        (is) => changed(withInput(columns, form, name, is)),
        { disabled: text || name === form.target, title: text ? say(words, "own.input.text") : "" },
      ), // prettier-ignore
  );
  const line = (word, cells) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: say(words, word) }),
      ...cells.map((each) => make("td", {}, each)),
    );
  const names = columns.map((each) =>
    head(make("b", { textContent: each.name }), make("small", { textContent: aboutOf(words, each) })),
  );
  const rows = told.first.map(({ row, cells }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: String(row) }),
      ...cells.map((cell) => make("td", { textContent: cell || "—" })),
    ),
  );
  const first = head(say(words, "own.row"));
  const top = make("thead", {}, make("tr", {}, first, ...names));
  const roles = [line("own.target", targets), line("own.inputs", taken)];
  return make("table", {}, top, make("tbody", {}, ...roles, ...rows));
}
