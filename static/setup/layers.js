// The layers of the experiment panel: units and activation of each, and behind "…" batch norm, dropout and skip.

import { make } from "../base/dom.js";
import { numberField, select, toggle } from "./fields.js";

/** Have just these layers of the rows in `root` open, and those whose extras are in use. */
export function openRows(root, places) {
  for (const row of root.querySelectorAll(".layer")) {
    const extras = row.querySelector(".extras");
    if (!extras) continue;
    extras.hidden = !places.includes(Number(row.dataset.place)) && !row.dataset.used;
    row.querySelector("[data-control=more]").ariaExpanded = String(!extras.hidden);
  }
}

/** The rows of all layers. `toggleRow(place)` opens or closes a layer's extras; `edit` tells what a person has changed. */
export function layerRows(word, choices, experiment, toggleRow, edit) {
  const depth = experiment.layers.length;
  return experiment.layers.map((layer, i) => {
    const last = i === depth - 1;
    const title = last ? word("layer.output") : word("layer.hidden", { layer: i + 1 });
    const named = (setting) => word("layer.setting", { title, setting });
    const set = (part) => edit.layer(i, { ...layer, ...part });
    const names = Object.keys(choices.activations).filter((name) => last || !choices.activations[name].output_only);
    const units = numberField(
      named(word("units")),
      layer.units,
      { min: 1, max: choices.limits.units, step: 1 },
      (value) => edit.shape(i, { ...layer, units: value }),
    );
    const options = [...names, ...choices.without_slope].map((name) => ({
      value: name,
      text: word(`activation.${name}`),
    }));
    units.title = word("units.hint");
    const activation = select(named(word("activation")), layer.activation, options, (value) =>
      set({ activation: value }),
    );
    units.dataset.field = `layers.${i}.units`;
    activation.title = word("activation.hint");
    activation.dataset.field = `layers.${i}.activation`;
    const remove = make("button", {
      type: "button",
      className: "icon",
      ariaLabel: word("layer.remove", { title }),
      title: word("layer.remove.hint"),
      textContent: "×",
      disabled: last,
    });
    remove.dataset.part = "remove";
    remove.addEventListener("click", () => edit.shape(i, null));
    const compare = make("button", { type: "button" });
    compare.addEventListener("click", () => edit.compare(i + 1));
    const used = layer.batch_norm || layer.dropout || layer.residual;
    const more = make("button", {
      type: "button",
      className: "icon",
      ariaLabel: word("layer.more", { title }),
      title: word("layer.more.hint"),
      textContent: "⋯",
      hidden: last,
    });
    const extras = last ? null : extrasOf(word, i, layer, named, set);
    const made = make(
      "div",
      { className: "layer", role: "group", ariaLabel: title },
      make("em", { textContent: title }),
      make("figure", { className: "curve" }, compare),
      more,
      remove,
      units,
      activation,
      ...(extras ? [extras] : []),
    );
    made.dataset.field = `layers.${i}`;
    made.dataset.place = String(i);
    if (used) made.dataset.used = "true";
    more.dataset.control = "more";
    more.addEventListener("click", () => toggleRow(i));
    return made;
  });
}

function extrasOf(word, i, layer, named, set) {
  const normalized = toggle(
    word("batch_norm"),
    Boolean(layer.batch_norm),
    (batch_norm) => set({ batch_norm }),
    word("batch_norm.hint"),
  );
  const skip = toggle(
    word("residual"),
    Boolean(layer.residual),
    (residual) => set({ residual }),
    word("residual.hint"),
  );
  const dropped = make(
    "label",
    { className: "toggle", title: word("dropout.hint") },
    make("span", { textContent: word("dropout") }),
    numberField(named(word("dropout")), layer.dropout ?? 0, { min: 0, max: 0.95, step: 0.05 }, (dropout) =>
      set({ dropout }),
    ),
  );
  const each = { batch_norm: normalized, residual: skip, dropout: dropped };
  for (const [name, control] of Object.entries(each)) control.dataset.field = `layers.${i}.${name}`;
  normalized.querySelector("input").ariaLabel = named(word("batch_norm"));
  skip.querySelector("input").ariaLabel = named(word("residual"));
  return make("div", { className: "extras" }, normalized, skip, dropped);
}
