// The parts of the form: what it holds, the data set and the loss, and what is refused beside its cause.

import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { placesOf } from "../setup/complaint.js";
import { lossesAfter } from "../setup/experiment.js";
import { select } from "../setup/fields.js";
import { endsOf, fittingData } from "./reading.js";
import { inputsOf } from "./told.js";

/** An element with a word of the catalogue. */
function worded(name, element) {
  element.dataset.word = name;
  return element;
}

/** The form, empty. */
export function createForm() {
  const title = make("h2", { tabIndex: -1 });
  const says = worded("weights.says", make("p", { className: "quiet" }));
  const [open, layers, more, rest] = [make("div"), make("div"), make("div"), make("div")];
  const add = worded("weights.add", make("button", { type: "button" }));
  const sure = make("input", { type: "checkbox" });
  const confirm = make("label", { className: "toggle" }, sure, worded("weights.sure", make("span")));
  const cancel = worded("weights.cancel", make("button", { type: "button" }));
  const submit = worded("weights.submit", make("button", { type: "submit", className: "primary" }));
  layers.className = "weights-layers";
  more.className = "weights-more";
  confirm.dataset.field = "sure";
  const form = make(
    "form",
    { method: "dialog", noValidate: true },
    title,
    says,
    open,
    layers,
    add,
    more,
    confirm,
    rest,
    make("div", { className: "weights-end" }, cancel, submit),
  );
  return { form, title, open, layers, more, rest, add, sure, confirm, cancel, submit };
}

/** A select with its word before it. */
function fieldOf(words, name, key, control) {
  control.dataset.field = control.dataset.key = key;
  return make("label", {}, make("span", { textContent: say(words, name) }), control);
}

/** The data set and the loss, and how the inputs come. */
export function moreOf(words, { arrays, choices, run }, reading, put) {
  const ends = endsOf(arrays, reading);
  const names = fittingData(choices, run, ends);
  const option = (group) => (name) => ({ value: name, text: say(words, `${group}.${name}`) });
  const none = { value: "", text: say(words, "weights.none") };
  const fitting = names.length ? names.map(option("dataset")) : [none];
  const data = select(say(words, "data"), reading.dataset, fitting, (dataset) => put({ ...reading, dataset }));
  const losses = lossesAfter(choices, reading.layers.at(-1).activation).map(option("loss"));
  const loss = select(say(words, "loss"), reading.loss, losses, (chosen) => put({ ...reading, loss: chosen }));
  const parts = [fieldOf(words, "data", "dataset", data), fieldOf(words, "loss", "loss", loss)];
  if (names.length) return [...parts, inputsOf(words, choices.datasets[reading.dataset]?.looks)];
  data.disabled = true;
  return [...parts, make("p", { className: "refused", textContent: say(words, "weights.no_data", ends) })];
}

/** Show what was refused beside its field, or else above the buttons. */
export function complain({ form, rest }, words, error) {
  for (const old of form.querySelectorAll("[role=alert]")) old.remove();
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  if (!error) return;
  const said = make("p", { className: "refused", role: "alert", textContent: refusal(words, error) });
  const at = placesOf(error.field)
    .map((place) => form.querySelector(`[data-field="${CSS.escape(place)}"]`))
    .find(Boolean);
  const near = at?.closest(".weights-layer, .weights-more, .toggle");
  (near ?? rest).after(said);
  if (at?.matches("input, select")) at.setAttribute("aria-invalid", "true");
  said.scrollIntoView({ block: "nearest" });
}
