// A film of the run: what the first layer's weights, or the network's answers, were at moments that the run has passed.

import { palette } from "../base/colours.js";
import { createPlanePainter, dataOf } from "../draw/plane.js";
import { make, refill } from "../base/dom.js";
import { count, roundScale, scale } from "../base/numbers.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";
import { marksOf, pictureOf, still } from "./still.js";

const PICTURE = 784;
const POINTS = { 1: 60, 2: 32 }; // of a grid, on a side, where the network is small enough
const WORK = 2e8; // products of a weight and an activation that a picture of answers may take
const NEURONS = 6; // rows at a time
const [MOST, FEWER, NARROW] = [8, 5, 480]; // moments, those on narrow screens, and what is narrow
const NOTHING = { x: { shape: [0, 1], data: [] }, y: { shape: [0, 1], data: [] } }; // a split without points
const SMALL = 72; // pixels of a picture of answers

const stepsOf = (listing, t) => count(Math.floor(stepsAt(listing, t)));

/** What is filmed: pictures of weights, answers over one or two inputs, or nothing. */
export const filmOf = ({ sizes }) => (sizes[0] === PICTURE ? "weights" : sizes[0] <= 2 ? "answers" : null);

/** How many points of a grid are asked for on a side: fewer of a large network. */
function pointsOf({ sizes }) {
  const weights = sizes.slice(1).reduce((sum, units, below) => sum + units * sizes[below], 0);
  return Math.max(8, Math.min(POINTS[sizes[0]], Math.floor((WORK / weights) ** (1 / sizes[0]))));
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

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
  let first = 0; // of the neurons that are shown
  let film = null; // what is there, {listing, moments, units, tensors}
  let asked = {}; // what was asked for last, {listing, key}
  let range = null; // in which the inputs lie
  let drawn = [];

  const page = (step) => () => {
    first += step * NEURONS;
    show();
  };
  before.addEventListener("click", page(-1));
  next.addEventListener("click", page(1));

  /** Which neurons are shown, and no more than there are. */
  function unitsOf({ sizes }) {
    first = Math.max(0, Math.min(first, Math.floor((sizes[1] - 1) / NEURONS) * NEURONS));
    return Array.from({ length: Math.min(NEURONS, sizes[1] - first) }, (_, i) => first + i);
  }

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
    const units = unitsOf(listing);
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

  function head({ words, listing }, t) {
    const steps = stepsOf(listing, t);
    const button = make("button", {
      type: "button",
      className: "quiet-button",
      textContent: steps,
      title: say(words, "learned.film.go", { steps }),
      ariaLabel: say(words, "learned.film.go", { steps }),
    });
    button.dataset.key = `t ${t}`;
    button.addEventListener("click", () => seek(t));
    return button;
  }

  function weightRows({ words, listing }) {
    const { data } = film.tensors.get("W1");
    const colours = palette(root);
    const full = roundScale(largest(data));
    const { units, moments } = film;
    drawn = moments.map((_, i) =>
      units.map((unit, j) => {
        const start = (i * units.length + j) * PICTURE;
        return pictureOf("W1", unit, data.subarray(start, start + PICTURE), "grey", full);
      }),
    );
    told.textContent = say(words, "learned.film.weights", { scale: scale(full) });
    const label = (unit, i) => say(words, "learned.film.still", { unit, steps: stepsOf(listing, moments[i]) });
    return units.flatMap((unit, j) => [
      make("span", {
        className: "quiet",
        textContent: String(unit),
        title: say(words, "plane.neuron", { layer: 1, unit }),
      }),
      ...drawn.map((row, i) => still(row[j], colours, label(unit, i))),
    ]);
  }

  function answerRow({ words, listing }) {
    const {
      shape: [, ...shape],
      data,
    } = film.tensors.get("response");
    const width = shape.reduce((product, each) => product * each);
    const colours = palette(root);
    const tone =
      listing.kind === "classes" ? { centre: 0.5, reach: 0.5 } : { centre: 0, reach: roundScale(largest(data)) };
    drawn = [];
    told.textContent = say(words, `learned.film.${listing.kind}`);
    return [
      make("span"),
      ...film.moments.map((t, i) => {
        const canvas = make("canvas", {
          width: SMALL * 2,
          height: SMALL * 2,
          className: "still smooth",
          role: "img",
          ariaLabel: say(words, "learned.film.answer", { steps: stepsOf(listing, t) }),
        });
        const context = canvas.getContext("2d");
        context.setTransform(2, 0, 0, 2, 0, 0);
        const answer = { shape, values: data.subarray(i * width, (i + 1) * width), tone };
        paint(context, {
          data: { ...range, splits: [NOTHING] },
          answer,
          moment: null,
          colours,
          size: SMALL,
          classes: true,
          output: true,
        });
        return canvas;
      }),
    ];
  }

  return {
    show(state) {
      const { words, listing, judged } = state;
      const kind = filmOf(listing);
      root.hidden = !kind;
      if (!kind) return;
      const units = unitsOf(listing);
      const key = judged && `${judged.t} ${units}`;
      if (judged && (asked.listing !== listing || asked.key !== key)) fetch(state, key);
      title.textContent = say(words, `learned.film.${kind}.title`);
      pager.hidden = kind !== "weights" || listing.sizes[1] <= NEURONS;
      shown.textContent = say(words, "learned.film.neurons", {
        first: units[0],
        last: units.at(-1),
        of: listing.sizes[1],
      });
      [before.ariaLabel, next.ariaLabel] = [say(words, "learned.film.before"), say(words, "learned.film.next")];
      before.disabled = first === 0;
      next.disabled = first + NEURONS >= listing.sizes[1];
      if (film?.listing !== listing) {
        drawn = [];
        refill(strip);
        told.textContent = say(words, "learned.counting");
        return;
      }
      strip.style.setProperty("--columns", film.moments.length);
      const corner = make("span", { className: "quiet", textContent: say(words, "learned.film.steps") });
      refill(
        strip,
        corner,
        ...film.moments.map((t) => head(state, t)),
        ...(kind === "weights" ? weightRows(state) : answerRow(state)),
      );
    },
    marks: () => drawn.flat().flatMap((mark) => marksOf(mark, palette(root))),
  };
}
