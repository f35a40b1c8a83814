// How much of a split is answered right, of what moment that is, and how far the counting is.

import { make } from "../base/dom.js";
import { splitOf } from "./keep_predictions.js";
import { brief, count } from "../base/numbers.js";
import { settledAt, stepsAt } from "../base/time.js";
import { percent, say } from "../base/words.js";
import { looksOf } from "./names.js";

const SPLITS = ["held_out", "training"];

/** The sentence beside the large number. */
function said({ words, listing, predictions }) {
  const { split } = predictions;
  const others = split === "training" ? (listing.experiment.dataset.others ?? 0) : 0; // of no class, and not evaluated
  const total = listing.examples[split] - others;
  const all = predictions.done === total;
  const blanks = { done: count(predictions.done), of: count(total) };
  const name = `${listing.kind}.${split}`;
  return all ? say(words, `learned.${name}`, blanks) : say(words, `learned.${name}.sample`, blanks);
}

/** Of which moment the numbers are, and whether that is the one that is shown. */
function when({ words, listing, predictions, moment }) {
  const steps = count(Math.floor(stepsAt(listing, predictions.t)));
  const behind = settledAt(listing, predictions.t) !== settledAt(listing, moment.t);
  return say(words, behind ? "learned.behind" : "learned.when", { steps });
}

export function headPart(root, store) {
  const figure = make("p", { className: "figure" });
  const sentence = make("p");
  const moment = make("p", { className: "quiet" });
  const loss = make("p", { className: "quiet" });
  const choice = make("select");
  const filled = make("i");
  const progress = make("div", { className: "progress", role: "progressbar" }, filled);
  const counted = make("small", { className: "counted" });
  root.append(
    figure,
    make("div", { className: "says" }, sentence, make("div", { className: "facts" }, loss, moment)),
    make("div", { className: "chosen" }, choice, counted),
    progress,
  );
  progress.ariaValueMin = "0";

  choice.addEventListener("change", () => store.set({ split: choice.value }));

  function offer(state) {
    const { words, listing } = state;
    choice.ariaLabel = say(words, "learned.split");
    choice.replaceChildren(
      ...SPLITS.map((name) =>
        make("option", {
          value: name,
          textContent: say(words, `learned.split.${name}`),
          disabled: !listing.examples[name],
        }),
      ),
    );
    choice.value = splitOf(state);
  }

  function tally(state) {
    const { words, predictions } = state;
    const of = predictions?.of ?? 0;
    const share = predictions?.full && of ? predictions.done / of : 1;
    progress.hidden = share >= 1;
    progress.ariaLabel = say(words, "learned.counting");
    filled.style.width = `${100 * share}%`;
    progress.ariaValueMax = String(of);
    progress.ariaValueNow = String(predictions?.done ?? 0);
    counted.textContent =
      share < 1 ? say(words, "learned.progress", { done: count(predictions.done), of: count(of) }) : "";
  }

  return {
    show(state) {
      offer(state);
      const { words, listing, predictions } = state;
      const values = listing.kind !== "classes";
      figure.textContent = predictions
        ? values
          ? brief(predictions.loss)
          : percent(words, predictions.accuracy)
        : "—";
      sentence.textContent = predictions ? said(state) : say(words, "learned.counting");
      loss.textContent = predictions && !values ? say(words, "learned.loss", { loss: brief(predictions.loss) }) : "";
      tally(state);
      root.dataset.looks = looksOf(listing);
      this.moved(state);
    },
    /** The moment is another; the numbers may be behind. */
    moved(state) {
      const text = state.predictions && state.moment ? when(state) : "";
      if (moment.textContent !== text) moment.textContent = text;
    },
    marks: () => [],
  };
}
