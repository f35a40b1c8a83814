// A layer of the form: which arrays are its weights, its biases and its batch norm, and its activation.

import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { select, toggle } from "../setup/fields.js";
import { matricesOf, sidesOf, vectorsOf } from "./arrays.js";
import { BATCH_NORM } from "./reading.js";

/** @import { Stored } from "./arrays.js" */
/** @import { ReadLayer } from "./reading.js" */

/** An array's name with its shape. @param {Stored} array */
const shownOf = ({ name, shape }) => `${name}  ${shape.join(" × ")}`;

/** An option for an array. @param {Stored} array */
const optionOf = (array) => ({ value: array.name, text: shownOf(array) });

/** A control with its word above it, as a cell of the row. `key` is where a refusal finds it. */
function cell(text, control, key) {
  const field = control.matches("select") ? control : control.querySelector("input");
  field.dataset.key = key;
  field.dataset.field = key;
  return make("span", { className: "weights-cell" }, make("small", { textContent: text, ariaHidden: "true" }), control);
}

/** The four arrays of batch norm. */
function normOf(words, { arrays, layer, place, named }, set) {
  const vectors = vectorsOf(arrays).map(optionOf);
  const none = { value: "", text: say(words, "weights.none") };
  const cells = BATCH_NORM.map((part, i) => {
    const text = say(words, `weights.part.${part}`);
    const options = i < 2 ? [none, ...vectors] : vectors;
    const control = select(named(text), layer.batch_norm[part] ?? "", options, (chosen) =>
      set({ batch_norm: { ...layer.batch_norm, [part]: chosen || null } }),
    );
    return cell(text, control, `layers.${place}.batch_norm.${part}`);
  });
  return make("div", { className: "weights-norm" }, ...cells);
}

/** Batch norm with the first arrays that there are, to be corrected. @param {Stored[]} arrays */
function freshNorm(arrays) {
  const [first] = vectorsOf(arrays);
  return { gamma: null, beta: null, running_mean: first.name, running_var: first.name };
}

/**
 * The row of a layer. `of` has the `arrays`, the `layer`, its `place`, how many there are (`depth`) and what the page
 * offers (`choices`); `set(part)` changes the layer, `remove()` takes it out.
 *
 * @param {Record<string, string>} words
 * @param {{arrays: Stored[], layer: ReadLayer, place: number, depth: number, choices: any}} of
 * @param {{set: (part: object) => void, remove: () => void}} acts
 */
export function rowOf(words, { arrays, layer, place, depth, choices }, { set, remove }) {
  const last = place === depth - 1;
  const title = last ? say(words, "layer.output") : say(words, "layer.hidden", { layer: place + 1 });
  const named = (setting) => say(words, "layer.setting", { title, setting });
  const key = `layers.${place}`;
  const sides = sidesOf(arrays, layer);
  const own = (name) => say(words, `weights.${name}`);
  const nothing = own("none");
  const none = { value: "", text: nothing };
  const weights = select(named(own("matrix")), layer.weights, matricesOf(arrays).map(optionOf), (chosen) =>
    set({ weights: chosen }),
  );
  const biases = [none, ...vectorsOf(arrays).map(optionOf)];
  const bias = select(named(own("bias")), layer.bias ?? "", biases, (chosen) => set({ bias: chosen || null }));
  const names = Object.keys(choices.activations).filter((name) => last || !choices.activations[name].output_only);
  const activation = select(
    named(own("activation")),
    layer.activation,
    names.map((name) => ({ value: name, text: say(words, `activation.${name}`) })),
    (chosen) => set({ activation: chosen }),
  );
  const transposed = toggle(own("transposed"), layer.transposed, (on) => set({ transposed: on }), own("turned.hint"));
  transposed.querySelector("input").ariaLabel = named(own("transposed"));
  const away = make("button", { type: "button", className: "icon", textContent: "×", disabled: depth === 1 });
  away.ariaLabel = away.title = say(words, "layer.remove", { title });
  away.addEventListener("click", remove);
  const row = make(
    "div",
    { className: "weights-layer", role: "group", ariaLabel: title },
    make("b", { textContent: title }),
    make("span", { className: "quiet weights-sides", textContent: `${sides.inputs} → ${sides.units}` }),
    away,
    cell(own("matrix"), weights, `${key}.weights`),
    cell(own("bias"), bias, `${key}.bias`),
    cell(own("activation"), activation, `${key}.activation`),
    cell(own("axes"), transposed, `${key}.transposed`),
  );
  if (!last && vectorsOf(arrays).length) {
    const norm = toggle(say(words, "batch_norm"), Boolean(layer.batch_norm), (on) =>
      set({ batch_norm: on ? freshNorm(arrays) : null }),
    );
    norm.querySelector("input").ariaLabel = named(say(words, "batch_norm"));
    row.append(cell(own("between"), norm, `${key}.batch_norm`));
  }
  if (layer.batch_norm) row.append(normOf(words, { arrays, layer, place, named }, set));
  row.dataset.field = key;
  return row;
}
