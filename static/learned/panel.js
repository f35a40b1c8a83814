// What the network has learned: how it answers a whole split, where it errs, and how it came there.

import { keepPredictions } from "./keep_predictions.js";
import { csvOf } from "../base/csv.js";
import { confusionRows } from "./cells.js";
import { averagesPart } from "./averages.js";
import { confusionPart } from "./confusion.js";
import { fitPart } from "./fit.js";
import { galleryPart } from "./gallery.js";
import { headPart } from "./head.js";
import { historiesPart } from "./histories.js";
import { looksOf } from "./names.js";
import { pointsPart } from "./points.js";
import { unlessPressed } from "../base/pressed.js";

/**
 * @typedef {object} Part
 * @property {(state: any) => void} show
 * @property {(state: any) => object[]} marks
 * @property {() => import("../base/feature.js").Picture[]} [pictures] what it draws on a canvas
 * @property {(state: any) => void} [moved] hears of every moment, also of those that no predictions are of
 *
 * @typedef {{ask: any, show: () => void, seek: (t: number) => Promise<void>}} Tools
 */

/**
 * The parts from top to bottom, and the looks of the examples that each is for; without them it is for all.
 *
 * @type {{name: string, part: (root: HTMLElement, store: any, tools: Tools) => Part, looks?: string[]}[]}
 */
const PARTS = [
  { name: "head", part: headPart },
  { name: "confusion", part: confusionPart, looks: ["pictures", "points"] },
  { name: "gallery", part: galleryPart, looks: ["pictures"] },
  { name: "points", part: pointsPart, looks: ["points"] },
  { name: "fit", part: fitPart, looks: ["values"] },
  { name: "averages", part: averagesPart, looks: ["pictures"] },
  { name: "histories", part: historiesPart },
];

/**
 * Set up the panel in `root`. `ask` asks the server, `clock.jump(t)` goes to a moment.
 *
 * A part is a function of (root, store, {ask, show, seek}) that returns {show(state), marks(state)}. Its `ask(question,
 * fields, t)` resolves to tensors, or to null where there is no answer or the run is another by then; `show()` has all
 * shown again. While the panel is not in front, nothing is asked and nothing is drawn.
 */
export function mount(root, { store, ask, clock, presses }) {
  async function tensors(question, fields, t) {
    const answer = await ask({ question, ...fields }, { t, of: "run" });
    return answer?.found?.tensors ?? null;
  }

  const show = unlessPressed(root, { life: store.life, presses }, () => {
    const state = store.get();
    if (!inFront(state)) return;
    const parts = fitting(state);
    for (const each of made) each.place.hidden = !parts.includes(each);
    for (const each of parts) each.show(state);
  });

  const made = PARTS.map(({ name, part, looks }) => {
    const place = root.querySelector(`[data-part=${name}]`);
    return { place, looks, ...part(place, store, { ask: tensors, show, seek: clock.jump }) };
  });
  const inFront = ({ stage, listing, moment }) => stage === "learned" && listing && moment;
  const fitting = ({ listing }) => made.filter(({ looks }) => !looks || looks.includes(looksOf(listing)));

  store.on(["stage", "listing", "predictions", "cell", "words", "theme", "split", "historyPage"], show);
  store.on(["moment"], (state) => {
    if (inFront(state)) for (const each of made) each.moved?.(state);
  });
  keepPredictions(store, ask);
  return {
    marks() {
      const state = store.get();
      return inFront(state) ? fitting(state).flatMap((each) => each.marks(state)) : [];
    },
    pictures: (state) => (inFront(state) ? fitting(state).flatMap((each) => each.pictures?.() ?? []) : []),
    tables({ predictions }) {
      const rows = predictions?.classes ? confusionRows(predictions) : null;
      return rows ? [{ name: "confusion", word: "learned.confusion", csv: () => csvOf(rows) }] : [];
    },
  };
}
