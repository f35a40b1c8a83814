// A film of the run: what the first layer's weights, or the network's answers, were at moments that the run has passed.

import { palette } from "../base/colours.js";
import { createPlanePainter, dataOf } from "../draw/plane.js";
import { make, refill } from "../base/dom.js";
import { count, scale } from "../base/numbers.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";
import { answerFrames, filmOf, neuronsOn, pointsOf, weightFrames } from "./frames.js";
import { marksOf, pictureOf, still } from "./still.js";

const [MOST, FEWER, NARROW] = [8, 5, 480]; // moments, those on narrow screens, and what is narrow
const NOTHING = { x: { shape: [0, 1], data: [] }, y: { shape: [0, 1], data: [] } }; // a split without points
const SMALL = 72; // pixels of a picture of answers

const stepsOf = (listing, t) => count(Math.floor(stepsAt(listing, t)));

/** A small picture of answers over the range of the inputs. */
function smallPlane(paint, answer, range, colours, ariaLabel) {
  const canvas = make("canvas", {
    width: SMALL * 2,
    height: SMALL * 2,
    className: "still smooth",
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
  const label = say(words, "learned.film.go", { steps });
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
  const label = (unit, i) => say(words, "learned.film.still", { unit, steps: stepsOf(listing, moments[i]) });
  return units.flatMap((unit, j) => [
    make("span", {
      className: "quiet",
      textContent: String(unit),
      title: say(words, "plane.neuron", { layer: 1, unit }),
    }),
    ...pictures.map((row, i) => still(row[j], colours, label(unit, i))),
  ]);
}

/** One row: a picture of the network's answers at each moment. */
function answerRow(paint, film, range, { words, listing }, colours) {
  const label = (i) => say(words, "learned.film.answer", { steps: stepsOf(listing, film.moments[i]) });
  return [
    make("span"),
    ...answerFrames(film, listing).map((answer, i) => smallPlane(paint, answer, range, colours, label(i))),
  ];
}

export function filmPart(root, store, { ask, show, seek }) {
  const title = make("h3");
  const [before, next] = ["‹", "›"].map((textContent) =>
    make("button", { type: "button", className: "icon", textContent }),
  );
  const shown = make("small");
  const pager = make("div", { className: "pager" }, before, shown, next);
  const strip = make("div", { className: "film" });
  const told = make("p", { className: "quiet" });
  root.append(make("div", { className: "heading" }, title, pager), make("div", { className: "scroll" }, strip), told);
  const paint = createPlanePainter();
  let pages = 0; // how many the neurons that are shown are after the first
  let film = null; // what is there, {listing, moments, units, tensors}
  let asked = {}; // what was asked for last, {listing, key}
  let range = null; // in which the inputs lie
  let drawn = [];

  const page = (step) => () => {
    pages += step;
    show();
  };
  before.addEventListener("click", page(-1));
  next.addEventListener("click", page(1));

  async function responses(listing, most, t) {
    const points = await ask("examples", {});
    range = points && dataOf(points, listing.sizes[0]);
    if (!range) return null;
    const { low, high } = range.range;
    return ask("response_film", { unit: listing.sizes.at(-1) - 1, low, high, points: pointsOf(listing), most }, t);
  }

  async function fetch({ listing, judged }, key) {
    const mine = { listing, key };
    asked = mine;
    const most = root.clientWidth < NARROW ? FEWER : MOST;
    const { units } = neuronsOn(pages, listing.sizes[1]);
    const tensors =
      filmOf(listing) === "weights"
        ? await ask("weights_film", { units, most }, judged.t)
        : await responses(listing, most, judged.t);
    if (asked !== mine) return;
    if (tensors) {
      film = { listing, moments: [...tensors.get("t").data], units, tensors };
      show();
    } else asked = {};
  }

  /** The frames as rows of elements below the heads of their columns. */
  function rowsOf(state) {
    const { words, listing } = state;
    const colours = palette(root);
    if (filmOf(listing) === "answers") {
      drawn = [];
      told.textContent = say(words, `learned.film.${listing.kind}`);
      return answerRow(paint, film, range, state, colours);
    }
    const { frames, scale: full } = weightFrames(film);
    drawn = frames.map((row) => row.map((data, j) => pictureOf("W1", film.units[j], data, "grey", full)));
    told.textContent = say(words, "learned.film.weights", { scale: scale(full) });
    return weightRows(drawn, film, state, colours);
  }

  /** Show which neurons there are, and which can be paged to. */
  function showPager({ words, listing }) {
    const { page: at, units, before: earlier, after: later, several } = neuronsOn(pages, listing.sizes[1]);
    pages = at;
    pager.hidden = filmOf(listing) !== "weights" || !several;
    const [first, last, of] = [units[0], units.at(-1), listing.sizes[1]];
    shown.textContent = say(words, "learned.film.neurons", { first, last, of });
    [before.ariaLabel, next.ariaLabel] = [say(words, "learned.film.before"), say(words, "learned.film.next")];
    [before.disabled, next.disabled] = [!earlier, !later];
    return units;
  }

  return {
    show(state) {
      const { words, listing, judged } = state;
      const kind = filmOf(listing);
      root.hidden = !kind;
      if (!kind) return;
      const units = showPager(state);
      const key = judged && `${judged.t} ${units}`;
      if (judged && (asked.listing !== listing || asked.key !== key)) fetch(state, key);
      title.textContent = say(words, `learned.film.${kind}.title`);
      if (film?.listing !== listing) {
        drawn = [];
        refill(strip);
        told.textContent = say(words, "learned.counting");
        return;
      }
      strip.style.setProperty("--columns", film.moments.length);
      const corner = make("span", { className: "quiet", textContent: say(words, "learned.film.steps") });
      refill(strip, corner, ...film.moments.map((t) => head(state, t, seek)), ...rowsOf(state));
    },
    marks: () => drawn.flat().flatMap((mark) => marksOf(mark, palette(root))),
  };
}
