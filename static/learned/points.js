// Points of the plane that are answered wrong: where they lie, on what the network answers, and as a list.

import { classColour, palette } from "../base/colours.js";
import { nearest, paintMeans, paintWrong } from "../draw/predictions.js";
import { createPlanePainter, dataOf, toneOfOutput } from "../draw/plane.js";
import { make, refill, sized } from "../base/dom.js";
import { alike, brief } from "../base/numbers.js";
import { segmentAt } from "../base/time.js";
import { say } from "../base/words.js";
import { headline } from "./gallery.js";
import { className } from "./names.js";
import { rowButton, table } from "./table.js";
import { inBrackets, listed, meansOf, pointOf, wrongMarks, wrongPoints } from "./wrong.js";

const GRID = 48; // points of the answer on a side
const NOTHING = { t: null, listing: null };

/** Whether the examples are points of a plane. */
const isPlane = ({ sizes }) => sizes[0] === 2;

const quiet = (textContent) => make("p", { className: "quiet", textContent });

/** The examples that are answered wrong as a list, or that there are none; `data` are the points, where there is a plane. */
function listOf(state, data, chosen, choose) {
  const { words, listing, predictions } = state;
  const found = listed(state, chosen);
  if (!found.length) return quiet(say(words, predictions ? "learned.none" : "learned.counting"));
  const outputs = alike(found.map(({ output }) => output));
  const heads = [isPlane(listing) ? "point" : "row", "label", "output", "loss"];
  const lines = found.map(({ row, label, loss }, i) => {
    const at = data ? inBrackets(pointOf(data, predictions.split, row)) : isPlane(listing) ? "(—)" : String(row);
    const button = rowButton(at, row, row === chosen, () => choose(row));
    return [button, className(words, listing, label), outputs[i], brief(loss)];
  });
  return table(
    heads.map((name) => say(words, `learned.column.${name}`)),
    lines,
  );
}

/** What the signs on the plane mean, and where the means of the classes are. */
function keyOf(words, listing, means) {
  const at = means.map(({ x, y }) => inBrackets([x, y]));
  if (at.length <= 2) return say(words, "learned.plane.key", { first: at[0] ?? "—", second: at[1] ?? "—" });
  const named = at.map((place, label) => `${className(words, listing, label)} ${place}`);
  return say(words, "learned.plane.key.several", { means: named });
}

/** The elements of the part, put into its root. */
function createElements(root) {
  const parts = {
    title: make("h3"),
    back: make("button", { type: "button", className: "quiet-button" }),
    canvas: make("canvas", { role: "img" }),
    key: quiet(""),
    list: make("div", { className: "scroll" }),
    plane: make("h3"),
  };
  const { title, back, canvas, key, list, plane } = parts;
  root.append(
    make("section", { className: "card tall" }, plane, make("div", { className: "square" }, canvas), key),
    make("section", { className: "card" }, make("div", { className: "heading" }, title, back), list),
  );
  return parts;
}

/** The picture of the plane: the answers, the points that are answered wrong, and the means of both classes. */
const pictureOf = (paint, view, wrong, averages) => ({
  name: "points",
  word: "learned.plane",
  width: view.size,
  height: view.size,
  paint(/** @type {any} */ context) {
    const { data, size, colours } = view;
    paint(context, view);
    const place = { range: data.range, size, colours };
    paintWrong(context, wrong, place);
    const colourOf = (label) => colours[classColour(label)];
    const means = meansOf(averages.get("mean")).map((mean, label) => ({ ...mean, colour: colourOf(label) }));
    paintMeans(context, means, place);
  },
});

export function pointsPart(root, store, { ask, show }) {
  const { title, back, canvas, key, list, plane } = createElements(root);
  const paint = createPlanePainter();
  let [data, averages, loaded] = [null, null, ""];
  let [answer, answered] = [null, NOTHING]; // over the plane, and of which run and moment it is
  let chosen = null; // the row that is pointed out
  let [size, picture] = [0, null]; // of the canvas, and what is drawn there

  back.addEventListener("click", () => store.set({ cell: null }));
  store.life.resized(() => {
    size = canvas.clientWidth;
    draw(store.get());
  }, canvas);

  const wrongOf = (state) => wrongPoints(data, state, chosen);

  function choose(row) {
    chosen = chosen === row ? null : row;
    show();
  }

  canvas.addEventListener("click", ({ offsetX: x, offsetY: y }) => {
    const found = data && nearest(wrongOf(store.get()), { x, y }, { range: data.range, size });
    if (found) choose(found.row);
  });

  async function load(listing, subject) {
    const { sizes } = listing;
    [loaded, data, answer, answered, chosen, picture] = [subject, null, null, NOTHING, null, null];
    if (!isPlane(listing)) return;
    const [points, means] = [await ask("examples", {}), await ask("averages", {})];
    if (!points || !means || loaded !== subject) return;
    [data, averages] = [dataOf(points, sizes[0]), means];
    show();
  }

  async function respond({ listing, predictions }) {
    const mine = { listing, t: predictions.t };
    answered = mine;
    const { low, high } = data.range;
    const layer = listing.sizes.length - 1;
    const found = await ask(
      "response",
      { layer, unit: listing.sizes[layer] - 1, low, high, points: GRID },
      predictions.t,
    );
    if (answered !== mine) return;
    if (!found) {
      answered = NOTHING;
      return;
    }
    const { shape, data: values } = found.get("response");
    const [{ levels }, outputs] = [segmentAt(listing, predictions.t), listing.sizes[layer]];
    answer = { shape, values, tone: toneOfOutput(levels, outputs, outputs - 1) };
    draw(store.get());
  }

  function draw(state) {
    if (!data || !size || root.hidden) return;
    const view = { data, answer, moment: null, colours: palette(root), size, classes: true, output: true };
    picture = pictureOf(paint, view, wrongOf(state), averages);
    picture.paint(sized(canvas, size));
  }

  return {
    show(state) {
      const { words, listing, predictions } = state;
      const { dataset, seed } = listing.experiment;
      const subject = JSON.stringify([dataset, seed, listing.sizes.at(-1)]);
      if (loaded !== subject) load(listing, subject);
      else if (data && predictions && (predictions.t !== answered.t || listing !== answered.listing)) respond(state);
      headline(state, title, back);
      plane.textContent = say(words, "learned.plane");
      canvas.ariaLabel = say(words, "learned.plane.label");
      plane.parentElement.hidden = !isPlane(listing);
      key.textContent = keyOf(words, listing, averages && data ? meansOf(averages.get("mean")) : []);
      refill(list, listOf(state, data, chosen, choose));
      draw(state);
    },
    marks: (state) => wrongMarks(state, palette(root).text),
    pictures: () => (picture ? [picture] : []),
  };
}
