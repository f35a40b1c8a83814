// The caption under the network: the phase, one equation with this example's numbers, and a sentence of plain words.

import { createAsker } from "../ask/query.js";
import { keyOf } from "../ask/memory.js";
import { make } from "../base/dom.js";
import { throttled } from "../base/throttle.js";
import { unitAt } from "../base/time.js";
import { say } from "../base/words.js";
import { formulaIn } from "../tensor/convention.js";
import { lights, markLit } from "../tensor/linked_highlight.js";
import { cellName, split } from "../tensor/tensors.js";
import { pace } from "../transport/pace.js";
import { cellOf, stepOf } from "./cell.js";
import { equationOf } from "./equation.js";
import { fastSentence, sentenceOf } from "./says.js";

const PHASES = ["forward", "loss", "backward", "update"];
const TOO_FAST = 4; // units a second from which on nobody can read an equation
const ATTEMPTS = [
  { formula: true, few: 4 },
  { formula: false, few: 4 },
  { formula: false, few: 1 },
  { formula: false, few: 1, smaller: true },
  { formula: false, few: 0 },
]; // an equation from its longest form to its shortest, the result alone
const LEAST = 0.72; // of the usual size, for an equation
const ERRORS = /^(d|g|c|delta)/; // against these a number goes, and along an update

/** Whether so many units a second are gone through that single equations cannot be read. */
const isFast = ({ playing, speed }) => playing && pace(speed) > TOO_FAST;

/** The class of a number that says which way something should go. */
function wayOf(tensor, value) {
  const [kind] = split(tensor);
  const along = /^u(W|b|gamma|beta)$/.test(kind) ? value : ERRORS.test(kind) && kind !== "decayed_rate" ? -value : 0;
  return along > 0 ? "up" : along < 0 ? "down" : "";
}

/** The phases as a list, of which `tell(phase, words)` marks one. */
function createPhases() {
  const items = PHASES.map((name) => make("li", { className: "phase" }, name));
  return {
    element: make("ol", { className: "phases" }, ...items),
    tell(phase, words) {
      items.forEach((item, i) => {
        const [text, current] = [say(words, `phase.${PHASES[i]}`), PHASES[i] === phase];
        if (item.textContent !== text) item.textContent = text;
        item.classList.toggle("current", current);
        item.ariaCurrent = current ? "true" : null;
      });
    },
  };
}

/**
 * Asks for what an equation has read that has been written over since: the moment is `back` micro-steps before.
 *
 * @param {any} ask
 * @returns {(question: any, terms: any) => Promise<any>}
 */
const asksBefore =
  (ask) =>
  ({ question, names, back }, terms) =>
    ask({ question, names }, { ...terms, t: terms.t - back });

/** Where the numbers of an equation stand: what has been written over since is in `before`, all else in the moment. */
function sourceOf({ listing, moment, example }, changed, before) {
  const flat = ({ shape, data }, index) => data[index.reduce((sum, each, place) => sum * shape[place] + each, 0)];
  return {
    tensors: listing.tensors,
    example: moment.shownExample(example),
    size: (axis) => (axis === "example" ? moment.examples : listing.sizes[axis]),
    written: (tensor, index) => moment.value(tensor, ...index),
    read(tensor, index) {
      if (!changed.has(tensor)) return moment.value(tensor, ...index);
      const found = before?.get(tensor);
      return found && flat(found, index);
    },
  };
}

/** Set up the caption in `root`. */
function mount(root, { store, ask }) {
  const phases = createPhases();
  const equation = make("div", { className: "caption-equation" });
  const sentence = make("p");
  root.append(make("div", { className: "caption-line" }, phases.element, equation), sentence);
  let shown = {}; // what the equation that is shown follows from
  let answer = null; // what has been read before it was written over
  const asker = createAsker(store, asksBefore(ask), (given) => {
    answer = given;
    show(store.get());
  });

  function tell(text) {
    if (sentence.textContent !== text) sentence.textContent = text;
  }

  /** Nothing but what is true of all moments that pass by. */
  function tellOnly(phase, text, words) {
    phases.tell(phase, words);
    tell(text);
    equation.replaceChildren();
    shown = {};
  }

  function show(state) {
    const { moment, listing, words, grain, convention, hovered, selected, playing } = state;
    if (!moment || !listing) return;
    root.setAttribute("aria-live", playing ? "off" : "polite");
    const unit = unitAt(listing, grain, moment.t);
    if (!unit.length) return tellOnly(null, say(words, "caption.start"), words);
    if (isFast(state)) return tellOnly(null, fastSentence(state), words);
    const meant = hovered ?? selected;
    const step = stepOf(unit, meant);
    const cell = cellOf(state, step, meant);
    const later = unit.slice(unit.indexOf(step) + 1);
    const changed = new Set([step, ...later].flatMap(({ writes }) => writes));
    const names = [...new Set(step.reads)].filter((name) => changed.has(name));
    const wish = names.length ? { question: "tensors", names, back: later.length + 1 } : null;
    const fits = wish && answer?.found && answer.t === moment.t && answer.key === keyOf(wish);
    const before = fits ? answer.found.tensors : null;
    phases.tell(step.phase, words);
    tell(sentenceOf(state, step, cell));
    const next = {
      moment,
      step,
      place: `${cell.tensor}:${cell.index}`,
      before,
      convention,
      width: equation.clientWidth,
    };
    if (Object.keys(next).some((name) => next[name] !== shown[name])) {
      shown = next;
      write({ ...step, formula: formulaIn(step, convention) }, cell, sourceOf(state, changed, before));
    }
    markLit(equation, state);
    asker.want(moment.t, wish);
  }

  /** Write the equation in the longest form that fits. */
  function write(step, cell, source) {
    const className = wayOf(cell.tensor, source.written(cell.tensor, cell.index));
    const mark = (element, of) => {
      element.tabIndex = 0;
      element.dataset.term = cellName(of.tensor, of.index);
      element.ariaLabel =
        `${cellName(of.tensor, of.index)} ${element.localName === "mn" ? element.textContent : ""}`.trim();
      return lights(element, store, [of]);
    };
    for (const { formula, few, smaller } of ATTEMPTS) {
      equation.style.fontSize = "";
      equation.replaceChildren(equationOf(step, cell, { ...source, few }, { formula, className }, mark));
      const fit = equation.clientWidth / equation.scrollWidth;
      if (smaller) equation.style.fontSize = `${100 * Math.max(LEAST, fit * 0.95)}%`;
      if (equation.scrollWidth <= equation.clientWidth) return;
    }
  }

  const due = throttled(store, show);
  store.on(["listing"], () => {
    answer = null;
    shown = {};
    asker.forget();
  });
  store.on(
    ["moment", "listing", "words", "playing", "grain", "speed", "example", "convention", "selected", "hovered"],
    due,
  );
  store.life.resized(due, equation);
  store.life.listen(root.ownerDocument.fonts, "loadingdone", () => {
    shown = {};
    due();
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const caption = { name: "caption", slot: "caption", mount };
