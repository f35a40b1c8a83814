// The experiment panel: data, layers, loss and training, each control with its own refusal beside it.

import { Lost, Refused } from "../connection.js";
import { make } from "../dom.js";
import { fresh, learningRateAt, lossesAfter, withDataset, withLayer, withLayerAdded } from "../experiment.js";
import { count } from "../numbers.js";
import { refusal, say } from "../words.js";

/** A select. `options` are {value, text, why?}: with a reason, the option cannot be chosen and says why. */
function select(label, value, options, changed) {
  const made = make("select", { ariaLabel: label });
  for (const option of options) {
    const text = option.why ? `${option.text} (${option.why})` : option.text;
    made.append(make("option", { value: option.value, textContent: text, disabled: Boolean(option.why), title: option.why ?? "" }));
  }
  made.value = value;
  made.addEventListener("change", () => changed(made.value));
  return made;
}

function numberField(label, value, fields, changed) {
  const made = make("input", { type: "number", ariaLabel: label, value: String(value), inputMode: "decimal", ...fields });
  made.addEventListener("change", () => changed(made.value.trim() === "" ? "" : Number(made.value)));
  return made;
}

const row = (text, control, note, hint = "") =>
  make("label", { className: "field", title: hint }, make("span", { textContent: text }), make("span", { className: "control" }, control, ...(note ? [note] : [])));

function field(name, ...parts) {
  const made = row(...parts);
  made.dataset.field = name;
  return made;
}

/** `start(experiment)` begins another run, `change(write)` changes this one; both reject with what was refused. */
export function experimentPanel(root, store, choices, { start, change }) {
  const body = root.querySelector("[data-part=fields]");
  let draft = null; // what the person has put in, also where it was refused

  function complain(error) {
    const { words } = store.get();
    for (const old of body.querySelectorAll(".refused")) old.remove();
    for (const old of body.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    showRate(store.get());
    const parts = (error.field ?? "").replace(/^change\./, "optimizer.").split(".");
    let at = null;
    while (parts.length && !at) {
      at = body.querySelector(`[data-field="${parts.join(".")}"]`);
      parts.pop();
    }
    const said = make("p", { className: "refused", role: "alert", textContent: refusal(words, error) });
    if (at) {
      at.closest(".layer, .field").after(said);
      (at.matches("input, select") ? at : at.querySelector("input, select")).setAttribute("aria-invalid", "true");
    } else {
      body.prepend(said);
    }
  }

  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof Lost) show(store.get()); // nothing has changed, so nothing looks as if it had
      else if (error instanceof Refused) complain(error);
      else throw error;
    }
  }

  function submit(experiment) {
    draft = experiment;
    return attempt(() => start(experiment));
  }

  function dataFields(word, experiment) {
    const { dataset } = experiment;
    const exact = dataset.name === "xor" && dataset.noise === 0;
    const key = dataset.name === "xor" ? (exact ? "xor" : "xor_cloud") : dataset.name;
    const names = ["xor", "xor_cloud", ...Object.keys(choices.datasets).filter((name) => name !== "xor")];
    if (dataset.name === "table") names.push("table");
    const options = names.map((name) => ({ value: name, text: word(`dataset.${name}`) }));
    const pick = (name) => {
      const chosen = name === "xor_cloud" ? { name: "xor", noise: 0.12 } : { name };
      submit(withDataset(choices, draft, chosen));
    };
    const fields = [field("dataset.name", word("data"), select(word("data"), key, options, pick), null, word("data.hint"))];
    if (dataset.examples && !exact) {
      const set = (change_) => submit(fresh({ ...draft, dataset: { ...draft.dataset, ...change_ } }));
      fields.push(field("dataset.noise", word("noise"), numberField(word("noise"), dataset.noise, { min: 0, step: 0.01 }, (noise) => set({ noise })), null, word("noise.hint")));
    }
    return fields;
  }

  function layerFields(word, experiment) {
    const depth = experiment.layers.length;
    return experiment.layers.map((layer, i) => {
      const last = i === depth - 1;
      const title = last ? word("layer.output") : word("layer.hidden", { layer: i + 1 });
      const names = Object.keys(choices.activations).filter((name) => last || !choices.activations[name].output_only);
      const set = (part) => submit(withLayer(choices, draft, i, { ...draft.layers[i], ...part }));
      const units = numberField(`${title}: ${word("units")}`, layer.units, { min: 1, max: choices.limits.units, step: 1 }, (value) => set({ units: value }));
      const activation = select(`${title}: ${word("activation")}`, layer.activation, names.map((name) => ({ value: name, text: word(`activation.${name}`) })), (value) => set({ activation: value }));
      units.dataset.field = `layers.${i}.units`;
      activation.dataset.field = `layers.${i}.activation`;
      const remove = make("button", { type: "button", className: "icon", ariaLabel: word("layer.remove", { title }), title: word("layer.remove", { title }), textContent: "×", disabled: last });
      remove.addEventListener("click", () => submit(withLayer(choices, draft, i, null)));
      const made = make("div", { className: "layer", role: "group", ariaLabel: title }, make("em", { textContent: title }), units, activation, remove);
      made.dataset.field = `layers.${i}`;
      return made;
    });
  }

  function lossOptions(word, experiment) {
    const output = experiment.layers.at(-1).activation;
    const fitting = lossesAfter(choices, output);
    return Object.keys(choices.losses).map((name) => ({
      value: name, text: word(`loss.${name}`),
      why: fitting.includes(name) ? null : word("loss.needs", { activation: choices.losses[name].activations.map((each) => word(`activation.${each}`)).join(", ") }),
    }));
  }

  function trainingFields(word, experiment, { listing, moment }) {
    const setRate = (rate) => {
      if (!store.get().moment?.t) return submit(fresh({ ...draft, optimizer: { ...draft.optimizer, learning_rate: rate } }));
      return attempt(() => change({ learning_rate: rate }));
    };
    const rate = numberField(word("learning_rate"), learningRateAt(experiment, moment?.t ?? 0), { min: 0, step: "any" }, setRate);
    const size = numberField(word("mini_batch"), experiment.mini_batch_size, { min: 1, step: 1 }, (value) => submit(fresh({ ...draft, mini_batch_size: value })));
    const seed = numberField(word("seed"), experiment.seed, { min: 0, step: 1 }, (value) => submit(fresh({ ...draft, seed: value })));
    const another = make("button", { type: "button", className: "icon", ariaLabel: word("seed.next"), title: word("seed.next"), textContent: "↻" });
    another.addEventListener("click", () => submit(fresh({ ...draft, seed: (draft.seed + 1) % 2 ** 32 })));
    return [
      field("loss", word("loss"), select(word("loss"), experiment.loss, lossOptions(word, experiment), (loss) => submit(fresh({ ...draft, loss }))), null, word("loss.hint")),
      field("initializer", word("initializer"), select(word("initializer"), experiment.initializer, choices.initializers.map((name) => ({ value: name, text: word(`initializer.${name}`) })), (initializer) => submit(fresh({ ...draft, initializer }))), null, word("initializer.hint")),
      field("optimizer.learning_rate", word("learning_rate"), rate, null, word("learning_rate.hint")),
      field("mini_batch_size", word("mini_batch"), size, make("small", { textContent: word("of", { count: count(listing.examples.training) }) }), word("mini_batch.hint")),
      field("seed", word("seed"), seed, another, word("seed.hint")),
    ];
  }

  function show(state) {
    const { listing, words } = state;
    if (!listing) return;
    const word = (name, blanks) => say(words, name, blanks);
    const { experiment } = listing;
    draft = experiment;
    const focused = body.contains(document.activeElement) ? document.activeElement.ariaLabel : null;
    const add = make("button", { type: "button", className: "add", textContent: word("layer.add"), disabled: experiment.layers.length >= choices.limits.layers });
    add.addEventListener("click", () => submit(withLayerAdded(draft)));
    body.replaceChildren(
      ...dataFields(word, experiment),
      make("h3", { textContent: word("layers") }), ...layerFields(word, experiment), add,
      make("h3", { textContent: word("training") }), ...trainingFields(word, experiment, state),
    );
    if (focused) [...body.querySelectorAll("[aria-label]")].find((each) => each.ariaLabel === focused)?.focus();
  }

  function showRate({ listing, moment }) {
    const input = body.querySelector('[data-field="optimizer.learning_rate"] input');
    if (!input || !moment || document.activeElement === input) return;
    input.value = String(learningRateAt(listing.experiment, moment.t));
  }

  store.on(["listing", "words"], show);
  store.on(["moment"], showRate);
  return { complain };
}
