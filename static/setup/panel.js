// The experiment panel: data, layers, loss and training, each control with its own refusal beside it.

import { calm } from "../base/throttle.js";
import { Lost, Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import {
  fresh,
  inForceAt,
  keptSettings,
  learningRateAt,
  settingsAt,
  withDataset,
  withLayer,
  withLayerAdded,
} from "./experiment.js";
import { noteWaiting } from "./waiting.js";
import { brief } from "../base/numbers.js";
import { segmentAt, waitingAt } from "../base/time.js";
import { refusal, say } from "../base/words.js";
import { field, numberField, select } from "./fields.js";
import { layerRows, openRows } from "./layers.js";
import { augmentFields, boundsFields, optimizerFields, startFields } from "./training.js";

/** `start(experiment)` begins another run, `change(write)` changes this one; both reject with what was refused. */
function mount(root, { store, choices, start, change }) {
  const body = root.querySelector("[data-part=fields]");
  let draft = null; // what the person has put in, also where it was refused
  let shown = null; // the segment, and how many changes wait there, whose settings are shown

  /** Show a refusal next to the control that caused it. */
  function complain(error) {
    const { words } = store.get();
    for (const old of body.querySelectorAll(".refused")) old.remove();
    for (const old of body.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    showRate(store.get());
    const named = (error.field ?? "")
      .replace(/^change\.learning_rate/, "optimizer.learning_rate")
      .replace(/^change\./, "");
    const parts = named.split(".");
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
      if (error instanceof Lost)
        show(store.get()); // nothing has changed, so nothing looks as if it had
      else if (error instanceof Refused) complain(error);
      else throw error;
    }
  }

  function submit(experiment) {
    draft = experiment;
    return attempt(async () => {
      const { listing: before, moment } = store.get();
      await start(experiment);
      tellKept(before, moment?.t ?? 0);
    });
  }

  /** Say which settings, changed on the way of the run before, have gone into this one. */
  function tellKept(before, t) {
    const { listing, words } = store.get();
    const kept = keptSettings(before.experiment, settingsAt(before, t), listing.experiment);
    if (!kept.length) return;
    const settings = kept.map((name) => say(words, `noun.${name}`)).join(say(words, "list.comma"));
    store.set({ notice: { text: "settings.kept", blanks: { settings } } });
  }

  /** Set fields of the experiment: in mid-run a change from here on, at its beginning another run. */
  function adjust(fields) {
    if (!store.get().moment?.t) return submit(fresh({ ...draft, ...fields }));
    draft = { ...draft, ...fields };
    return attempt(() => change(fields));
  }

  const edit = {
    shape: (i, layer) => submit(withLayer(choices, draft, i, layer)),
    layer(i, layer) {
      const { layers, loss } = withLayer(choices, draft, i, layer);
      const more = layer.batch_norm && !draft.layers[i].batch_norm && { start: undefined }; // than a checkpoint may hold
      return adjust({ layers, ...(loss !== draft.loss && { loss }), ...more });
    },
  };

  function dataFields(word, { dataset }) {
    const exact = dataset.name === "xor" && dataset.noise === 0;
    const key = dataset.name === "xor" ? (exact ? "xor" : "xor_cloud") : dataset.name;
    const names = ["xor", "xor_cloud", ...Object.keys(choices.datasets).filter((name) => name !== "xor")];
    if (dataset.name === "table") names.push("table");
    const options = names.map((name) => ({ value: name, text: word(`dataset.${name}`) }));
    const pick = (name) => {
      const chosen = name === "xor_cloud" ? { name: "xor", noise: 0.12 } : { name };
      submit(withDataset(choices, draft, chosen));
    };
    const fields = [
      field("dataset.name", word("data"), select(word("data"), key, options, pick), null, word("data.hint")),
    ];
    const set = (part) => submit(fresh({ ...draft, dataset: { ...draft.dataset, ...part } }));
    if (dataset.name === "digits") {
      fields.push(
        field(
          "dataset.others",
          word("others"),
          numberField(word("others"), dataset.others ?? 0, { min: 0, max: 20000, step: 1 }, (others) =>
            set({ others }),
          ),
          null,
          word("others.hint"),
        ),
      );
    }
    if (dataset.examples && !exact) {
      fields.push(
        field(
          "dataset.noise",
          word("noise"),
          numberField(word("noise"), dataset.noise, { min: 0, step: 0.01 }, (noise) => set({ noise })),
          null,
          word("noise.hint"),
        ),
      );
      fields.push(
        field(
          "dataset.examples",
          word("examples"),
          numberField(word("examples"), dataset.examples, { min: 8, max: 10000, step: 1 }, (examples) =>
            set({ examples }),
          ),
          null,
          word("examples.hint"),
        ),
      );
    }
    return fields;
  }

  function setRate(rate) {
    if (!store.get().moment?.t)
      return submit(fresh({ ...draft, optimizer: { ...draft.optimizer, learning_rate: rate } }));
    const { listing, moment } = store.get();
    const waiting = waitingAt(listing, moment.t).some(({ optimizer }) => optimizer); // and would bring its own rate
    return attempt(() =>
      change(waiting ? { optimizer: { ...draft.optimizer, learning_rate: rate } } : { learning_rate: rate }),
    );
  }

  const look = (listing, t) => `${segmentAt(listing, t).t} ${waitingAt(listing, t).length}`;

  function show({ listing, words, moment }) {
    if (!listing) return;
    const word = (name, blanks) => say(words, name, blanks);
    const t = moment?.t ?? 0;
    shown = look(listing, t);
    draft = settingsAt(listing, t);
    const focused = body.contains(document.activeElement) ? document.activeElement.ariaLabel : null;
    const add = make("button", {
      type: "button",
      className: "add",
      textContent: word("layer.add"),
      disabled: draft.layers.length >= choices.limits.layers,
    });
    add.addEventListener("click", () => submit(withLayerAdded(draft)));
    const heading = (textContent) => make("h3", { textContent });
    body.replaceChildren(
      ...dataFields(word, draft),
      heading(word("layers")),
      ...layerRows(word, choices, draft, toggleRow, edit),
      add,
      heading(word("training")),
      ...startFields(word, choices, draft, listing, submit),
      heading(word("optimizer.heading")),
      ...optimizerFields(
        word,
        choices,
        draft,
        listing.experiment.optimizer,
        draft.optimizer.learning_rate,
        adjust,
        setRate,
      ),
      heading(word("bounds")),
      ...boundsFields(word, draft, adjust),
      heading(word("augment")),
      ...augmentFields(word, draft, adjust),
    );
    openRows(body, store.get().rows);
    noteWaiting(body, inForceAt(listing, t), draft, word("waiting"));
    showRate(store.get());
    if (focused) [...body.querySelectorAll("[aria-label]")].find((each) => each.ariaLabel === focused)?.focus();
  }

  /** The rate that has been set, and where a schedule moves it, the rate in force. */
  function showRate({ listing, moment, words }) {
    const at = body.querySelector('[data-field="optimizer.learning_rate"]');
    if (!at || !moment) return;
    const rate = moment.has("base_rate") ? moment.value("learning_rate") : undefined;
    at.querySelector("small").textContent =
      rate === undefined ? "" : say(words, "learning_rate.now", { rate: brief(rate) });
    const input = at.querySelector("input");
    if (document.activeElement !== input) input.value = String(learningRateAt(listing.experiment, moment.t));
  }

  function toggleRow(place) {
    const { rows } = store.get();
    store.set({ rows: rows.includes(place) ? rows.filter((each) => each !== place) : [...rows, place] });
  }

  store.on(["rows"], ({ rows }) => openRows(body, rows));
  store.on(["listing", "words"], show);
  store.on(
    ["moment"],
    calm(store, (state) => {
      if (state.moment && look(state.listing, state.moment.t) !== shown) show(state);
      else showRate(state);
    }),
  );
  return { complain };
}

/** @type {import("../base/feature.js").Feature} */
export const experiment = { name: "experiment", slot: "experiment", mount };
