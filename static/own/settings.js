// The settings of a data set from a table: what its targets are, how much is held out, standardization, missing cells.

import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { say } from "../base/words.js";
import { field, numberField, select, toggle } from "../setup/fields.js";
import { equationOf } from "./equation.js";
import { inputsOf } from "./preview.js";

const MOST = 90; // per cent of the examples that may be held out

/** The names of the classes that were found, the first of them where there are many. */
function foundIn(words, { different, labels }) {
  const names = different > labels.length ? [...labels, "…"] : labels;
  return say(words, "own.classes", { classes: count(different), names });
}

/** A control that keeps the focus as the settings are made anew. */
function keyed(control, name) {
  (control.querySelector("input") ?? control).dataset.key = name;
  return control;
}

/** A line that refusals can name. */
function line(name, ...content) {
  const made = make("div", { className: "field" }, ...content);
  made.dataset.field = `dataset.${name}`;
  return made;
}

/**
 * The controls; `changed(form)` hears of another form. `described` is what the server says of the data set as it stands,
 * or null.
 */
export function settingsOf(words, told, form, described, changed) {
  const word = (name, blanks) => say(words, name, blanks);
  const set = (part) => changed({ ...form, ...part });
  const inputs = inputsOf(told.columns, form);
  const used = told.columns.filter(({ name }) => name === form.target || inputs.includes(name));
  const target = used.find(({ name }) => name === form.target);
  const kinds = ["classes", "values"].map((name) => ({ value: name, text: word(`own.kind.${name}`) }));
  const kind = select(word("own.kind"), form.kind, kinds, (name) => set({ kind: name }));
  const limits = { min: 0, max: MOST, step: 1 };
  const hold = (given) => set({ held_out: Number(given) / 100 });
  const share = numberField(word("own.held_out"), Math.round(100 * form.held_out), limits, hold);
  const [training, held] = described ? [described.examples.training, described.examples.held_out].map(count) : [];
  const examples = described ? word("own.examples", { training, held_out: held }) : "";
  const box = (name) =>
    line(
      name,
      keyed(
        toggle(word(`own.${name}`), Boolean(form[name]), (is) => set({ [name]: is })),
        name,
      ),
    );
  const mayMiss = form.skip_missing || used.some(({ missing }) => missing);
  return [
    field("dataset.target", word("own.target"), make("output", { textContent: form.target }), null),
    field("dataset.kind", word("own.kind"), keyed(kind, "kind"), null),
    ...(form.kind === "classes" ? [make("p", { className: "quiet", textContent: foundIn(words, target) })] : []),
    field("dataset.held_out", word("own.held_out"), keyed(share, "held_out"), make("small", { textContent: examples })),
    line("inputs", word("own.inputs"), make("output", { textContent: count(inputs.length) })),
    ...(mayMiss ? [box("skip_missing")] : []),
    box("standardize"),
    ...(form.standardize && described ? [equationOf(words, described.standardized)] : []),
  ];
}
