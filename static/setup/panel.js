// The experiment panel: data, layers, loss and training, each control with its own refusal beside it.

import { throttled } from "../base/throttle.js";
import { make } from "../base/dom.js";
import { complainIn } from "./complaint.js";
import { dataFields } from "./data.js";
import { createCurves } from "./curves.js";
import { createEdits } from "./edits.js";
import { inForceAt, learningRateAt, settingsAt } from "./experiment.js";
import { noteWaiting } from "./waiting.js";
import { brief } from "../base/numbers.js";
import { segmentAt, waitingAt } from "../base/time.js";
import { say } from "../base/words.js";
import { layerRows, openRows } from "./layers.js";
import { createNext } from "./next_mini_batch.js";
import { folded } from "./more.js";
import { originOf } from "./origin.js";
import { markOthers, othersIn } from "./put_back.js";
import { augmentFields, boundsFields, optimizerFields, rateField, startFields } from "./training.js";
import { flag, listed, whole } from "../base/codecs.js";
import { ofView, PRESET } from "../base/keys.js";

/** The fields that do not come first; `edits` take what a person changes. */
function laterFields(word, choices, draft, listing, heading, { submit, adjust }) {
  const { optimizer } = listing.experiment;
  return [
    heading(word("training")),
    ...startFields(word, choices, draft, listing, submit),
    heading(word("optimizer.heading")),
    ...optimizerFields(word, choices, draft, optimizer, draft.optimizer.learning_rate, adjust),
    heading(word("bounds")),
    ...boundsFields(word, draft, adjust),
    heading(word("augment")),
    ...augmentFields(word, choices, draft, listing.looks, adjust),
  ];
}

/** `start(experiment)` begins another run, `change(write)` changes this one; both reject with what was refused. */
function mount(root, { store, choices, start, change, ask }) {
  const body = root.querySelector("[data-part=fields]");
  let shown = null; // the segment, and how many changes wait there, whose settings are shown
  let more = null; // what is folded away

  /** Show a refusal next to the control that caused it. */
  function complain(error) {
    complainIn(body, store.get().words, error);
    if (more?.body.querySelector("[aria-invalid]")) store.set({ moreSettings: true });
    showRate(store.get());
  }

  const edits = createEdits(store, choices, { start, change, complain, undone: () => show(store.get()) });
  const { submit, setRate } = edits;
  const next = createNext(edits.choose);

  const curves = createCurves(body, ask, () => curves.show(store.get(), edits.draft));
  const compare = (layer) => store.set({ curvesOf: layer, view: "activations", tab: "side" });

  const look = (listing, t) => `${segmentAt(listing, t).t} ${waitingAt(listing, t).length}`;

  function show({ listing, words, moment, scenario }) {
    if (!listing) return;
    const word = (name, blanks) => say(words, name, blanks);
    const t = moment?.t ?? 0;
    shown = look(listing, t);
    const draft = settingsAt(listing, t);
    edits.draft = draft;
    const focused = body.contains(document.activeElement) ? document.activeElement.ariaLabel : null;
    const add = make("button", {
      type: "button",
      className: "add",
      textContent: word("layer.add"),
      title: word("layer.add.hint"),
      disabled: draft.layers.length >= choices.limits.layers,
    });
    add.addEventListener("click", edits.addLayer);
    const heading = (textContent) => make("h3", {}, make("span", { textContent }));
    const ofLayers = heading(word("layers"));
    const later = [next.field(word, listing), ...laterFields(word, choices, draft, listing, heading, edits)];
    more = folded(word, later, () => store.set({ moreSettings: !store.get().moreSettings }));
    body.replaceChildren(
      ...dataFields(word, choices, draft, { submit, openOwn: () => store.set({ ownOpen: "table" }) }),
      ofLayers,
      ...layerRows(word, choices, draft, toggleRow, { ...edits, compare }),
      add,
      rateField(word, draft.optimizer.learning_rate, setRate),
      ...more.elements,
    );
    const origin = originOf(draft, scenario, choices);
    if (origin) markOthers(body, ofLayers, { word, choices, base: origin.experiment, draft, edit: edits });
    more.count(othersIn(more.body));
    more.fold(store.get().moreSettings);
    openRows(body, store.get().rows);
    noteWaiting(body, inForceAt(listing, t), draft, word("waiting"));
    showRate(store.get());
    next.show(store.get());
    curves.show(store.get(), draft);
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

  store.on(["moreSettings"], ({ moreSettings }) => more?.fold(moreSettings));
  store.on(["rows"], ({ rows }) => openRows(body, rows));
  store.on(["listing", "words"], show);
  store.on(
    ["moment"],
    throttled(store, (state) => {
      if (state.moment && look(state.listing, state.moment.t) !== shown) show(state);
      else {
        showRate(state);
        next.show(state);
        curves.show(state, edits.draft);
      }
    }),
  );
  return { complain, marks: () => curves.marks() };
}

/** @type {import("../base/feature.js").Feature} */
export const experiment = {
  name: "experiment",
  slot: "experiment",
  state: {
    moreSettings: ofView(false, flag), // whether all settings are shown, or those alone that come first
    rows: ofView([], listed(whole(0, ({ listing }) => listing.sizes.length - 2)), PRESET), // the layers whose extras are open
  },
  mount,
};
