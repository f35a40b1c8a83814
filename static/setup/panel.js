// The experiment panel: data, layers, loss and training, each control with its own refusal beside it.

import { throttled } from "../base/throttle.js";
import { make } from "../base/dom.js";
import { complainIn } from "./complaint.js";
import { dataFields } from "./data.js";
import { createEdits } from "./edits.js";
import { inForceAt, learningRateAt, settingsAt } from "./experiment.js";
import { noteWaiting } from "./waiting.js";
import { brief } from "../base/numbers.js";
import { segmentAt, waitingAt } from "../base/time.js";
import { say } from "../base/words.js";
import { layerRows, openRows } from "./layers.js";
import { augmentFields, boundsFields, optimizerFields, startFields } from "./training.js";
import { listed, whole } from "../base/codecs.js";
import { ofView, PRESET } from "../base/keys.js";

/** `start(experiment)` begins another run, `change(write)` changes this one; both reject with what was refused. */
function mount(root, { store, choices, start, change }) {
  const body = root.querySelector("[data-part=fields]");
  let shown = null; // the segment, and how many changes wait there, whose settings are shown

  /** Show a refusal next to the control that caused it. */
  function complain(error) {
    complainIn(body, store.get().words, error);
    showRate(store.get());
  }

  const edits = createEdits(store, choices, { start, change, complain, undone: () => show(store.get()) });
  const { submit, adjust, setRate } = edits;

  const look = (listing, t) => `${segmentAt(listing, t).t} ${waitingAt(listing, t).length}`;

  function show({ listing, words, moment }) {
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
      disabled: draft.layers.length >= choices.limits.layers,
    });
    add.addEventListener("click", edits.addLayer);
    const heading = (textContent) => make("h3", { textContent });
    body.replaceChildren(
      ...dataFields(word, choices, draft, submit),
      heading(word("layers")),
      ...layerRows(word, choices, draft, toggleRow, edits),
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
      ...augmentFields(word, draft, listing.looks, adjust),
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
    throttled(store, (state) => {
      if (state.moment && look(state.listing, state.moment.t) !== shown) show(state);
      else showRate(state);
    }),
  );
  return { complain };
}

/** @type {import("../base/feature.js").Feature} */
export const experiment = {
  name: "experiment",
  slot: "experiment",
  state: {
    rows: ofView([], listed(whole(0, ({ listing }) => listing.sizes.length - 2)), PRESET), // the layers whose extras are open
  },
  mount,
};
