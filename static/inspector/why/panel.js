// The panel of why: the numbers of a mark, and the chain rule or the parts of a neuron.

import { make, refill } from "../../base/dom.js";
import { markLit, placeOf } from "../../tensor/linked_highlight.js";
import { isUpdated } from "../../tensor/steps.js";
import { cellName, parameterOf } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";
import { describe } from "./describe.js";
import { errorKey, factorsOf, reasonsOf, stepOf } from "./terms.js";
import { curveOf, inputsOf } from "./neuron.js";
import { createSetter } from "./setter.js";
import { depthOf, neuronAt, openedOf } from "./view.js";

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
function chainRuleParts(look, found) {
  const { words, store, listing } = look;
  const quiet = (name) => make("p", { className: "quiet", textContent: say(words, name) });
  const all = make("button", {
    type: "button",
    className: "quiet-button",
    textContent: say(words, "chain_rule.all_examples", { examples: found.examples }),
  });
  all.dataset.key = "examples";
  all.addEventListener("click", () => store.set({ view: "examples" }));
  const errors = new Map(found.errors.map((each) => [errorKey(each.tensor, each.index), each]));
  return [
    ...stepOf(look, found),
    make("h3", { textContent: say(words, "chain_rule.of", { example: found.example + 1, examples: found.examples }) }),
    factorsOf({ ...look, errors }, found),
    ...reasonsOf(look, found),
    ...(isUpdating(listing, found, look.t) ? [quiet("chain_rule.before_update")] : []),
    ...(found.interacts ? [quiet("chain_rule.interacts")] : []),
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

export function mount(root, { store, change }) {
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
          ? chainRuleParts(look, answer.found)
          : neuronParts(look, state, answer.found);
    refill(body, ...parts);
    if (selected && mark) markLit(body, state);
    setter.show(state, selected && mark ? settable(state) : []);
  }

  return { show };
}
