// The operands of a micro-step side by side: point at a cell, and those that it was computed from, or flows into, light up.

import { createAsker } from "../../ask/query.js";
import { pace } from "../../transport/pace.js";
import { palette } from "../../base/colours.js";
import { make } from "../../base/dom.js";
import { keyOf } from "../../ask/memory.js";
import { count, exact } from "../../base/numbers.js";
import { belonging, longestText, tracedText } from "./provenance.js";
import { operands } from "../../tensor/letters.js";
import { choiceOf, grid, placeOf, within } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { refusal, say } from "../../base/words.js";
import { createOperand } from "./operand.js";
import { asksBoth, heldBy } from "./sides.js";

const LONG = "−0.000000000"; // as long as a number may be
const TOO_FAST = 10; // units a second at which nothing more is asked for

/** The number of a cell in full. */
function valueAt({ operand, index }) {
  const { row, column } = placeOf(index);
  return exact(operand.shown.data[row * grid(operand.shape).columns + column]);
}

/** The operands, shown in `root`. */
export function createOperands(root, store, ask) {
  const told = make("span");
  const trail = make("p", { className: "quiet trail" }, told);
  const element = make("div", { className: "operands" });
  let all = []; // the operands
  let trace = null; // the cell that is pointed at: {operand, index}
  let [step, shownAt, colours, answer] = [null, null, null, null];
  let later = []; // the steps that have run since

  const asker = createAsker(
    store,
    asksBoth(ask, () => later.length),
    (given) => {
      answer = given;
      const state = store.get();
      if (
        given.found &&
        locate(state.listing, given.t - later.length).last === step &&
        given.key === keyOf(questionOf())
      )
        show(state, step);
    },
  );

  const questionOf = () => ({ question: "operands", reads: [...new Set(step.reads)], writes: step.writes });

  /** Make room for the operands of a step, after which those of `since` have run. */
  function build(state, next, since) {
    if (trace) store.set({ lit: [] });
    asker.forget();
    [step, later, trace, all, answer, shownAt] = [next, since, null, [], null, null];
    colours = palette(root);
    if (!step) return;
    const both = (tensor) => step.reads.includes(tensor) && step.writes.includes(tensor);
    for (const [side, found] of Object.entries(operands(step.letters))) {
      all.push(
        ...found.map((operand) => createOperand(state, operand, side, both(operand.tensor), { pointed, chosen })),
      );
    }
    const of = (side) => all.filter((each) => each.side === side).map((each) => each.element);
    const flow = make("span", { className: "flow", textContent: "→", ariaHidden: "true" });
    element.replaceChildren(make("div", { className: "operand-sides" }, ...of("reads"), flow, ...of("writes")), trail);
    trail.dataset.longest = longestText(state.words, all, LONG); // takes its room, so that nothing jumps
  }

  /** Show the numbers of this moment, or have them asked for. */
  function show(state, next) {
    if (next !== step) return;
    const { moment, playing, speed } = state;
    const here = heldBy(moment, step, later);
    const found = here ?? (answer?.key === keyOf(questionOf()) ? answer.found : null);
    if (found) {
      shownAt = here ? moment.t : answer.t;
      for (const operand of all) operand.fill(found[operand.side].get(operand.tensor), colours);
    }
    if (!here && !(playing && pace(speed) > TOO_FAST)) asker.want(moment.t, questionOf());
    tell(state);
    light(state);
  }

  function light({ lit, hovered, listing }) {
    const marks = [...lit, hovered].filter(Boolean);
    for (const operand of all) {
      const found = trace
        ? [belonging(operand, trace)]
        : marks.map((mark) => within(mark, operand.tensor, listing.tensors));
      operand.light(found.filter(Boolean).map(placeOf));
    }
  }

  /** Say which cell is pointed at, or why there are no numbers yet. */
  function tell({ words, moment }) {
    const text = trace?.operand.shown
      ? tracedText(words, all, trace, valueAt(trace))
      : shownAt === null
        ? ""
        : say(words, "step.point");
    const waits = answer?.refused ? refusal(words, answer.refused) : say(words, "step.resting");
    const late = shownAt === null ? waits : shownAt === moment.t ? "" : say(words, "view.late", { t: count(shownAt) });
    told.textContent = [text, late].filter(Boolean).join(" ");
    for (const operand of all) operand.say(trace?.operand === operand ? text : "");
  }

  function pointed(operand, index) {
    trace = index && { operand, index };
    const state = store.get();
    light(state);
    tell(state);
    const lit = trace ? all.map((each) => ({ tensor: each.tensor, index: belonging(each, trace) })) : [];
    store.set({ lit: lit.filter((mark) => mark.index) });
  }

  function chosen({ tensor }, index) {
    const { listing, example } = store.get();
    const choice = choiceOf(tensor, index, listing.tensors, example);
    if (choice) store.set(choice);
  }

  return { element, build, show, light };
}
