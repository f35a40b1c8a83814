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
  const more = different > labels.length ? ", …" : "";
  return say(words, "own.classes", { classes: count(different), names: labels.join(say(words, "list.comma")) + more });
}

/** What a person has chosen of a row that has a switch, in a line that refusals can name. */
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
  const column = told.columns.find(({ name }) => name === form.target);
  const set = (part) => changed({ ...form, ...part });
  const kinds = ["classes", "values"].map((kind) => ({ value: kind, text: say(words, `own.kind.${kind}`) }));
  const kind = select(say(words, "own.kind"), form.kind, kinds, (name) => set({ kind: name }));
  const share = numberField(
    say(words, "own.held_out"),
    Math.round(100 * form.held_out),
    { min: 0, max: MOST, step: 1 },
    (given) => set({ held_out: Number(given) / 100 }),
  ); // prettier-ignore
  const examples = described && say(words, "own.examples", described.examples);
  const used = [form.target, ...inputsOf(told.columns, form)];
  const missing = told.columns.some(({ name, missing: some }) => some && used.includes(name));
  const standardized = form.standardize && described;
  return [
    field("dataset.target", say(words, "own.target"), make("output", { textContent: form.target }), null),
    field("dataset.kind", say(words, "own.kind"), kind, null),
    ...(form.kind === "classes" ? [make("p", { className: "quiet", textContent: foundIn(words, column) })] : []),
    field("dataset.held_out", say(words, "own.held_out"), share, make("small", { textContent: examples ?? "" })),
    line(
      "inputs",
      say(words, "own.inputs"),
      make("output", { textContent: count(inputsOf(told.columns, form).length) }),
    ),
    ...(missing || form.skip_missing
      ? [
          line(
            "skip_missing",
            toggle(say(words, "own.skip_missing"), Boolean(form.skip_missing), (is) => set({ skip_missing: is })),
          ),
        ] // prettier-ignore
      : []),
    line(
      "standardize",
      toggle(say(words, "own.standardize"), form.standardize, (is) => set({ standardize: is })),
    ),
    ...(standardized ? [equationOf(words, described.standardized)] : []),
  ];
}
