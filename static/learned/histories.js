// The history of the run: what the first layer's weights, or the network's answers, were at earlier moments of it.

import { palette } from "../base/colours.js";
import { createPlanePainter, dataOf } from "../draw/plane.js";
import { make, refill } from "../base/dom.js";
import { count, scale } from "../base/numbers.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";
import { answerPictures, historyOf, neuronsOn, pointsOf, weightPictures } from "./history_pictures.js";
import { canvasOf, marksOf, pictureOf } from "./picture.js";

const [MOST, FEWER, NARROW] = [8, 5, 480]; // moments, those on narrow screens, and what is narrow
const NOTHING = { x: { shape: [0, 1], data: [] }, y: { shape: [0, 1], data: [] } }; // a split without points
const SMALL = 72; // pixels of a picture of answers

const stepsOf = (listing, t) => count(Math.floor(stepsAt(listing, t)));

/** A small picture of answers over the range of the inputs. */
function smallPlane(paint, answer, range, colours, ariaLabel) {
  const canvas = make("canvas", {
    width: SMALL * 2,
    height: SMALL * 2,
    className: "small-picture smooth",
    role: "img",
    ariaLabel,
  });
  const context = canvas.getContext("2d");
  context.setTransform(2, 0, 0, 2, 0, 0);
  const data = { ...range, splits: [NOTHING] };
  paint(context, { data, answer, moment: null, colours, size: SMALL, classes: true, output: true });
  return canvas;
}

/** The head of a column: a button that goes to the moment. */
function head({ words, listing }, t, seek) {
  const steps = stepsOf(listing, t);
  const label = say(words, "learned.histories.go", { steps });
  const button = make("button", {
    type: "button",
    className: "quiet-button",
    textContent: steps,
    title: label,
    ariaLabel: label,
  });
  button.dataset.key = `t ${t}`;
  button.addEventListener("click", () => seek(t));
  return button;
}

/** A row for each neuron: what it is, and a picture of its weights at each moment. */
function weightRows(pictures, { units, moments }, { words, listing }, colours) {
  const label = (unit, i) => say(words, "learned.histories.picture", { unit, steps: stepsOf(listing, moments[i]) });
  return units.flatMap((unit, j) => [
    make("span", {
      className: "quiet",
      textContent: String(unit),
      title: say(words, "plane.neuron", { layer: 1, unit }),
    }),
    ...pictures.map((row, i) => canvasOf(row[j], colours, label(unit, i))),
  ]);
}

/** One row: a picture of the network's answers at each moment. */
function answerRow(paint, past, range, { words, listing }, colours) {
  const label = (i) => say(words, "learned.histories.answer", { steps: stepsOf(listing, past.moments[i]) });
  return [
    make("span"),
    ...answerPictures(past, listing).map((answer, i) => smallPlane(paint, answer, range, colours, label(i))),
  ];
}

export function historiesPart(root, store, { ask, show, seek }) {
  const title = make("h3");
  const [before, next] = ["‹", "›"].map((textContent) =>
    make("button", { type: "button", className: "icon", textContent }),
  );
  const shown = make("small");
  const pager = make("div", { className: "pager" }, before, shown, next);
  const strip = make("div", { className: "histories" });
  const told = make("p", { className: "quiet" });
  root.append(make("div", { className: "heading" }, title, pager), make("div", { className: "scroll" }, strip), told);
  const paint = createPlanePainter();
  let past = null; // what is there, {listing, moments, units, tensors}
  let asked = {}; // what was asked for last, {listing, key}
  let range = null; // in which the inputs lie
  let drawn = [];

  const page = (step) => () => {
    const { historyPage, listing } = store.get();
    store.set({ historyPage: neuronsOn(historyPage, listing.sizes[1]).page + step });
  };
  before.addEventListener("click", page(-1));
  next.addEventListener("click", page(1));

  async function responses(listing, most, t) {
    const points = await ask("examples", {});
    range = points && dataOf(points, listing.sizes[0]);
    if (!range) return null;
    const { low, high } = range.range;
    return ask("response_history", { unit: listing.sizes.at(-1) - 1, low, high, points: pointsOf(listing), most }, t);
  }

  async function fetch({ listing, predictions, historyPage }, key) {
    const mine = { listing, key };
    asked = mine;
    const most = root.clientWidth < NARROW ? FEWER : MOST;
    const { units } = neuronsOn(historyPage, listing.sizes[1]);
    const tensors =
      historyOf(listing) === "weights"
        ? await ask("weights_history", { units, most }, predictions.t)
        : await responses(listing, most, predictions.t);
    if (asked !== mine) return;
    if (tensors) {
      past = { listing, moments: [...tensors.get("t").data], units, tensors };
      show();
    } else asked = {};
  }

  /** The pictures as rows of elements below the heads of their columns. */
  function rowsOf(state) {
    const { words, listing } = state;
    const colours = palette(root);
    if (historyOf(listing) === "answers") {
      drawn = [];
      told.textContent = say(words, `learned.histories.${listing.kind}`);
      return answerRow(paint, past, range, state, colours);
    }
    const { pictures, scale: full } = weightPictures(past);
    drawn = pictures.map((row) => row.map((data, j) => pictureOf("W1", past.units[j], data, "grey", full)));
    told.textContent = say(words, "learned.histories.weights", { scale: scale(full) });
    return weightRows(drawn, past, state, colours);
  }

  /** Show which neurons there are, and which can be paged to. */
  function showPager({ words, listing, historyPage }) {
    const { units, before: earlier, after: later, several } = neuronsOn(historyPage, listing.sizes[1]);
    pager.hidden = historyOf(listing) !== "weights" || !several;
    const [first, last, of] = [units[0], units.at(-1), listing.sizes[1]];
    shown.textContent = say(words, "learned.histories.neurons", { first, last, of });
    [before.ariaLabel, next.ariaLabel] = [say(words, "learned.histories.before"), say(words, "learned.histories.next")];
    [before.disabled, next.disabled] = [!earlier, !later];
    return units;
  }

  return {
    show(state) {
      const { words, listing, predictions } = state;
      const kind = historyOf(listing);
      root.hidden = !kind;
      if (!kind) return;
      const units = showPager(state);
      const key = predictions && `${predictions.t} ${units}`;
      if (predictions && (asked.listing !== listing || asked.key !== key)) fetch(state, key);
      title.textContent = say(words, `learned.histories.${kind}.title`);
      if (past?.listing !== listing) {
        drawn = [];
        refill(strip);
        told.textContent = say(words, "learned.counting");
        return;
      }
      strip.style.setProperty("--columns", past.moments.length);
      const corner = make("span", { className: "quiet", textContent: say(words, "learned.histories.steps") });
      refill(strip, corner, ...past.moments.map((t) => head(state, t, seek)), ...rowsOf(state));
    },
    marks: () => drawn.flat().flatMap((mark) => marksOf(mark, palette(root))),
  };
}
