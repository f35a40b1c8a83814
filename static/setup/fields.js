// The controls of a form: selects, numbers and switches, each with its name, its hint and the field that it sets.

import { make } from "../base/dom.js";

/** A select. `options` are {value, text, why?}: with a reason, the option cannot be chosen and says why. */
export function select(label, value, options, changed) {
  const made = make("select", { ariaLabel: label });
  for (const option of options) {
    made.append(
      make("option", {
        value: option.value,
        textContent: option.text,
        disabled: Boolean(option.why),
        title: option.why ?? "",
      }),
    );
  }
  made.value = value;
  made.addEventListener("change", () => changed(made.value));
  return made;
}

/** A field for a number; an empty one counts as "". */
export function numberField(label, value, fields, changed) {
  const made = make("input", {
    type: "number",
    ariaLabel: label,
    value: String(value),
    inputMode: "decimal",
    step: "any",
    ...fields,
  });
  made.addEventListener("change", () => changed(made.value.trim() === "" ? "" : Number(made.value)));
  return made;
}

/** A switch with its name beside it. */
export function toggle(label, checked, changed, title = "") {
  const box = make("input", { type: "checkbox", checked });
  box.addEventListener("change", () => changed(box.checked));
  return make("label", { className: "toggle", title }, box, make("span", { textContent: label }));
}

/** A row of the form: the name, the control, a note behind it, and a sentence that says what it is. */
export function field(name, text, control, note, hint = "") {
  const made = make(
    "label",
    { className: "field", title: hint },
    make("span", { textContent: text }),
    make("span", { className: "control" }, control, ...(note ? [note] : [])),
  );
  made.dataset.field = name;
  return made;
}
