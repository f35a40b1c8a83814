// What differs from the preset: its control is marked, and one press puts it back.

import { make } from "../base/dom.js";
import { same } from "../scene/difference.js";
import { lossesAfter } from "./experiment.js";
import { at, isOther } from "./waiting.js";

/** A button that puts a setting back. */
function backButton(word, setting, value, pressed) {
  const text = word("put_back", { setting, value });
  const button = make("button", { type: "button", className: "icon put-back", ariaLabel: text, textContent: "↩" });
  button.title = text;
  button.addEventListener("click", (event) => {
    event.preventDefault(); // or the label that it stands in presses its control
    pressed();
  });
  return button;
}

/** A control's value where the experiment says nothing of its setting: it is off, or the first of its choices. */
const usualOf = (control) =>
  control.dataset.usual ?? (control.matches("select") ? control.options[0].value : control.placeholder ? "" : "0");

/** Have a control show a value and say so, as if a person had chosen it. */
function choose(control, value) {
  control.value = value;
  control.dispatchEvent(new Event("change"));
}

/** How a value is told: by the words of the choice that stands for it. */
const toldOf = (control, value) =>
  control.matches("select")
    ? ([...control.options].find((option) => option.value === value)?.textContent ?? value)
    : value || "—";

/** Mark the rows of `root` whose settings are not those of `base`. */
function markFields(root, word, base, draft) {
  const rows = [...root.querySelectorAll(".field")].filter(({ dataset }) => isOther(dataset.field, base, draft));
  for (const row of rows) {
    const control = row.querySelector("input, select");
    const value = String(at(base, row.dataset.field.split(".")) ?? usualOf(control));
    row.classList.add("other");
    const back = () => choose(control, value);
    row.querySelector(".control").append(backButton(word, control.ariaLabel, toldOf(control, value), back));
  }
}

/** The experiment with the layers of another, and with its loss where the present one does not go with them. */
function withLayersOf(choices, base, draft) {
  const fits = lossesAfter(choices, base.layers.at(-1).activation).includes(draft.loss);
  return { layers: base.layers, ...(fits ? {} : { loss: base.loss }) };
}

/**
 * Mark in `root` what `draft` has other than `base`, both experiments on the same data; `heading` is that of the layers.
 * `edit` takes what is put back.
 */
export function markOthers(root, heading, { word, choices, base, draft, edit }) {
  markFields(root, word, base, draft);
  if (same(base.layers, draft.layers)) return;
  const widths = ({ layers }) => layers.map(({ units }) => units).join("-");
  const parts = withLayersOf(choices, base, draft);
  const back = () =>
    widths(base) === widths(draft) ? edit.adjust(parts) : edit.submit({ ...draft, ...parts, start: base.start });
  heading.classList.add("other");
  heading.append(backButton(word, word("layers"), widths(base), back));
}

/** How many settings are marked in `root`. */
export const othersIn = (root) => root.querySelectorAll(".other").length;
