// The form for a file of weights of another program: what was found is shown, corrected and confirmed, and opens as a run.

import { Lost, Refused } from "../ask/connection.js";
import { make, refill } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { placesOf } from "../setup/complaint.js";
import { lossesAfter } from "../setup/experiment.js";
import { select } from "../setup/fields.js";
import { begun, endsOf, fitted, fittingData, plainOf, unusedIn, withLayer, withLayerAdded } from "./reading.js";
import { rowOf } from "./row.js";
import { inputsOf, leftOutOf, undecidedOf } from "./told.js";

/** An element with a word of the catalogue. */
function worded(name, element) {
  element.dataset.word = name;
  return element;
}

/** The form, empty. */
function createForm() {
  const [title, says] = [make("h2"), make("p", { className: "quiet" })];
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
  return { form, title, says, open, layers, more, rest, add, sure, confirm, cancel, submit };
}

/** A select with its word before it. */
function fieldOf(words, name, key, control) {
  control.dataset.field = control.dataset.key = key;
  return make("label", {}, make("span", { textContent: say(words, name) }), control);
}

/** The data set and the loss, and how the inputs come. */
function moreOf(words, { arrays, choices, run }, reading, put) {
  const ends = endsOf(arrays, reading);
  const names = fittingData(choices, run, ends);
  const option = (group) => (name) => ({ value: name, text: say(words, `${group}.${name}`) });
  const data = select(say(words, "data"), reading.dataset, names.map(option("dataset")), (dataset) =>
    put({ ...reading, dataset }),
  );
  const losses = lossesAfter(choices, reading.layers.at(-1).activation).map(option("loss"));
  const loss = select(say(words, "loss"), reading.loss, losses, (chosen) => put({ ...reading, loss: chosen }));
  const parts = [fieldOf(words, "data", "dataset", data), fieldOf(words, "loss", "loss", loss)];
  if (names.length) return [...parts, inputsOf(words, choices.datasets[reading.dataset]?.looks)];
  data.disabled = true;
  return [...parts, make("p", { className: "refused", textContent: say(words, "weights.no_data", ends) })];
}

/** Show what was refused beside its field, or else above the buttons. */
function complain({ form, rest }, words, error) {
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

/** Set up the form, a dialog of the mount `all`. */
export function mount(_root, { all, store, choices, named }) {
  const parts = createForm();
  const { form, sure } = parts;
  const dialog = make("dialog", { className: "weights" }, form);
  let asked = null; // the file that is read: {file, found, read, open}
  let reading = null;
  all.append(dialog);
  parts.title.id = named("weights");
  dialog.setAttribute("aria-labelledby", parts.title.id);

  const of = () => ({ arrays: asked.found.arrays, hidden: asked.found.activation, choices, run: store.get().listing });

  function show() {
    if (!asked) return;
    const { words } = store.get();
    const { arrays, left_out: why, undecided } = asked.found;
    parts.title.textContent = say(words, "weights.title", { file: asked.file.name });
    parts.says.textContent = say(words, "weights.says");
    parts.open.replaceChildren(...undecidedOf(words, undecided));
    const depth = reading.layers.length;
    const rows = reading.layers.map((layer, place) =>
      rowOf(
        words,
        { arrays, layer, place, depth, choices },
        {
          set: (part) => put(withLayer(reading, place, { ...layer, ...part })),
          remove: () => put(withLayer(reading, place, null), true),
        },
      ),
    );
    refill(parts.layers, ...rows);
    refill(parts.more, ...moreOf(words, of(), reading, put));
    parts.rest.replaceChildren(...leftOutOf(words, unusedIn(arrays, reading), why));
    parts.add.disabled = depth >= choices.limits.layers;
  }

  function put(next, suggest = false) {
    reading = fitted(of(), next, suggest);
    complain(parts, store.get().words, null);
    show();
  }

  /** What is wrong with the form itself, as a refusal; null where nothing is. */
  function lacking() {
    const lacks = (field, name, blanks) => ({ field, message: say(store.get().words, name, blanks) });
    if (!reading.dataset) return lacks("dataset", "weights.no_data", endsOf(asked.found.arrays, reading));
    return sure.checked ? null : lacks("sure", "weights.not_sure");
  }

  async function submit() {
    const { words, listing } = store.get();
    const wrong = lacking();
    complain(parts, words, wrong);
    if (wrong) return;
    const { read, open } = asked;
    parts.submit.disabled = true;
    try {
      const checkpoint = await read(plainOf(choices, listing, reading));
      if (!dialog.open) return; // it was closed meanwhile
      dialog.close();
      await open(checkpoint);
    } catch (error) {
      if (error instanceof Refused) complain(parts, words, error);
      else if (error instanceof Lost) complain(parts, words, { message: say(words, "weights.lost") });
      else throw error;
    } finally {
      parts.submit.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  parts.add.addEventListener("click", () => put(withLayerAdded(of(), reading), true));
  parts.cancel.addEventListener("click", () => dialog.close());
  store.on(["words"], show);
  return {
    /** Ask what the arrays of a file are. `read(reading)` resolves to the checkpoint that it makes, `open(it)` opens that. */
    ask(given) {
      asked = given;
      reading = begun(of(), given.found.layers);
      sure.checked = false;
      complain(parts, store.get().words, null);
      show();
      if (!dialog.open) dialog.showModal();
    },
  };
}
