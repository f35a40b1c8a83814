// Why: the numbers of the mark that is pointed at; of a chosen parameter the chain rule, of a chosen neuron its parts.

import { make, refill } from "../../base/dom.js";
import { markLit, placeOf } from "../../tensor/linked_highlight.js";
import { isUpdated } from "../../tensor/steps.js";
import { cellName, parameterOf, split } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";
import { describe } from "./describe.js";
import { errorKey, factorsOf, reasonsOf, stepOf } from "./terms.js";
import { curveOf, inputsOf } from "./neuron.js";
import { createSetter } from "./setter.js";
import { fields, listed, text } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

const ERROR = /^(d\w+):([\d,]+)$/; // the key of an error that is open

/** The layer and the unit of a chosen neuron. */
const neuronAt = ({ tensor, index }) => [split(tensor)[1], index[1]];

const depthOf = ({ listing }) => listing.experiment.layers.length;

/** The lines that are opened, as keys. */
function openedOf(state) {
  const { selected, opened } = state;
  return new Set(selected && opened.place === placeOf(selected, depthOf(state)) ? opened.keys : []);
}

function question(state) {
  const { moment, selected, example } = state;
  if (!selected) return null;
  const shown = moment.shownExample(example);
  const tensor = parameterOf(selected.tensor);
  if (tensor) {
    const errors = [...openedOf(state)].map((key) => key.match(ERROR)).filter(Boolean);
    return {
      question: "ledger",
      tensor,
      index: selected.index,
      example: shown,
      errors: errors.map(([, name, index]) => [name, index.split(",").map(Number)]),
    };
  }
  const [layer, unit] = neuronAt(selected);
  return layer ? { question: "neuron", layer, unit, example: shown } : null;
}

/** The values that can be set: a chosen parameter, or the bias and the weights of a chosen neuron. */
function settable({ listing, moment, selected }) {
  const offer = (tensor, index) => ({
    tensor,
    index,
    name: cellName(tensor, index),
    value: moment.value(tensor, ...index),
  });
  const parameter = parameterOf(selected.tensor);
  if (parameter) return [offer(parameter, selected.index)];
  const [layer, unit] = neuronAt(selected);
  if (!layer) return [];
  return [
    offer(`b${layer}`, [unit]),
    ...Array.from({ length: listing.sizes[layer - 1] }, (_, k) => offer(`W${layer}`, [unit, k])),
  ];
}

/** Whether the update has changed a weight already that is a term of one of the factors. */
function isUpdating(listing, { factors }, t) {
  const tensors = factors.flatMap(({ rows }) => rows.flatMap((row) => row.factors.map(({ tensor }) => tensor)));
  return tensors.some((tensor) => tensor && parameterOf(tensor) === tensor && isUpdated(listing, t, tensor));
}

/** The view of a parameter's gradient for one example. */
function ledgerParts(look, found) {
  const { words, store, listing } = look;
  const quiet = (name) => make("p", { className: "quiet", textContent: say(words, name) });
  const all = make("button", {
    type: "button",
    className: "quiet-button",
    textContent: say(words, "ledger.all_examples", { examples: found.examples }),
  });
  all.dataset.key = "examples";
  all.addEventListener("click", () => store.set({ view: "examples" }));
  const errors = new Map(found.errors.map((book) => [errorKey(book.tensor, book.index), book]));
  return [
    ...stepOf(look, found),
    make("h3", { textContent: say(words, "ledger.of", { example: found.example + 1, examples: found.examples }) }),
    factorsOf({ ...look, errors }, found),
    ...reasonsOf(look, found),
    ...(isUpdating(listing, found, look.t) ? [quiet("ledger.before_update")] : []),
    ...(found.interacts ? [quiet("ledger.interacts")] : []),
    ...(found.examples > 1 ? [all] : []),
  ];
}

/** The view of a neuron: where it stands on its curve, and what it adds up. */
function neuronParts(look, { selected, moment, example }, { curve, inputs }) {
  const [layer, unit] = neuronAt(selected);
  const updated = ["W", "b"].some((kind) => isUpdated(look.listing, look.t, `${kind}${layer}`));
  const note = updated ? [make("p", { className: "quiet", textContent: say(look.words, "neuron.before_update") })] : [];
  const shown = moment.shownExample(example);
  const heading = (name) => make("h3", { textContent: say(look.words, name) });
  return [
    ...(curve ? [heading("neuron.on_curve"), curveOf(look, curve)] : []),
    ...(inputs
      ? [
          heading("neuron.inputs"),
          inputsOf(
            { ...look, layer, unit, example: shown, updated, z: moment.value(`z${layer}`, shown, unit) },
            inputs,
          ),
          ...note,
        ]
      : []),
  ];
}

function mount(root, { store, change }) {
  const head = make("div");
  const body = make("div", { className: "why" });
  const setter = createSetter(change);
  root.append(head, body, setter.form);

  function toggle(key) {
    const state = store.get();
    const keys = openedOf(state);
    if (!keys.delete(key)) keys.add(key);
    store.set({ opened: { place: placeOf(state.selected, depthOf(state)), keys: [...keys] } });
  }

  function show(state, answer) {
    const { moment, listing, words, hovered, selected } = state;
    const mark = moment && listing && (selected ?? hovered);
    if (!mark && root.dataset.empty === words["language.code"]) return;
    root.dataset.empty = mark ? "" : words["language.code"];
    head.replaceChildren(
      ...(mark
        ? describe(state, mark, answer?.found.values)
        : [make("p", { className: "quiet", textContent: say(words, "why.empty") })]),
    );
    const look = { words, listing, store, t: answer?.t, opened: mark ? openedOf(state) : null, toggle };
    const parts =
      !selected || !answer
        ? []
        : parameterOf(selected.tensor)
          ? ledgerParts(look, answer.found)
          : neuronParts(look, state, answer.found);
    refill(body, ...parts);
    if (selected && mark) markLit(body, state);
    setter.show(state, selected && mark ? settable(state) : []);
  }

  return { show };
}

/** @type {import("../../base/feature.js").Feature} */
export const why = {
  name: "why",
  state: { opened: ofView({ place: "", keys: [] }, fields({ place: text, keys: listed(text) }), PRESET) },
  watches: ["hovered", "selected", "example", "opened"],
  question,
  mount,
};
