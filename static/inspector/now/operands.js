// The operands of a micro-step side by side: point at a cell, and those that it was computed from, or flows into, light up.

import { createAsker } from "../../ask/query.js";
import { pace } from "../../transport/clock.js";
import { palette } from "../../base/colours.js";
import { make } from "../../base/dom.js";
import { keyOf } from "../../ask/memory.js";
import { count, exact } from "../../base/numbers.js";
import { agreeing, operands, spelled } from "./provenance.js";
import { choiceOf, grid, placeOf, within } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { refusal, say } from "../../base/words.js";
import { createOperand } from "./operand.js";

const LONG = "−0.000000000"; // as long as a number may be
const NOTHING = { found: { tensors: new Map() } };
const TOO_FAST = 10; // units a second at which nothing more is asked for

const isWhole = ({ frame }) => !frame.units && frame.example === null;

/** The operands, shown in `root`. */
export function createOperands(root, store, ask) {
  const told = make("span");
  const trail = make("p", { className: "quiet trail" }, told);
  const element = make("div", { className: "operands" });
  let all = []; // the operands
  let trace = null; // the cell that is pointed at: {operand, index}
  let [step, shownAt, colours, answer] = [null, null, null, null];

  const asker = createAsker(store, askBoth, (given) => {
    answer = given;
    const state = store.get();
    if (given.found && locate(state.listing, given.t).last === step && given.key === keyOf(wishOf())) show(state, step);
  });

  /** What was read stands one micro-step earlier, what was written now. */
  async function askBoth({ reads, writes }, terms) {
    const sides = [
      [reads, terms.t - 1],
      [writes, terms.t],
    ].map(([names, t]) => (names.length ? ask({ question: "tensors", names }, { ...terms, t }) : NOTHING));
    const [read, written] = await Promise.all(sides);
    if (!read?.found || !written?.found) return read?.found ? written : read;
    return { found: { reads: read.found.tensors, writes: written.found.tensors } };
  }

  const wishOf = () => ({ question: "operands", reads: [...new Set(step.reads)], writes: step.writes });

  /** The operands' tensors by side as the moment has them: null where it has not, or has no longer. */
  function held(moment) {
    if (!isWhole(moment) || step.reads.some((name) => step.writes.includes(name))) return null;
    const side = (names) => new Map(names.map((name) => [name, moment.tensor(name)]));
    return { reads: side(step.reads), writes: side(step.writes) };
  }

  function build(state, next) {
    if (trace) store.set({ lit: [] });
    asker.forget();
    [step, trace, all, answer, shownAt] = [next, null, [], null, null];
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
    element.replaceChildren(make("div", { className: "sides" }, ...of("reads"), flow, ...of("writes")), trail);
    trail.dataset.longest = longest(state.words); // takes its room, so that nothing jumps
  }

  /** Show the numbers of this moment, or have them asked for. */
  function show(state, next) {
    if (next !== step) return;
    const { moment, playing, speed } = state;
    const here = held(moment);
    const found = here ?? (answer?.key === keyOf(wishOf()) ? answer.found : null);
    if (found) {
      shownAt = here ? moment.t : answer.t;
      for (const operand of all) operand.fill(found[operand.side].get(operand.tensor), colours);
    }
    if (!here && !(playing && pace(speed) > TOO_FAST)) asker.want(moment.t, wishOf());
    tell(state);
    light(state);
  }

  /** The cells of an operand that belong to a traced one: an index with null for any; undefined where there are none. */
  function belonging(operand, traced = trace) {
    if (operand === traced.operand) return traced.index;
    return operand.side === traced.operand.side ? undefined : agreeing(traced.operand, traced.index, operand);
  }

  function light({ lit, hovered, listing }) {
    const marks = [...lit, hovered].filter(Boolean);
    for (const operand of all) {
      const found = trace ? [belonging(operand)] : marks.map((mark) => within(mark, operand.tensor, listing.tensors));
      operand.light(found.filter(Boolean).map(placeOf));
    }
  }

  /** What is pointed at in words, and what stands in the way of it. */
  function tell({ words, moment }) {
    const text = trace?.operand.shown
      ? sentence(words, trace, valueAt(trace))
      : shownAt === null
        ? ""
        : say(words, "step.point");
    const waits = answer?.refused ? refusal(words, answer.refused) : say(words, "step.resting");
    const late = shownAt === null ? waits : shownAt === moment.t ? "" : say(words, "view.late", { t: count(shownAt) });
    told.textContent = [text, late].filter(Boolean).join(" ");
    for (const operand of all) operand.say(trace?.operand === operand ? text : "");
  }

  function valueAt({ operand, index }) {
    const { row, column } = placeOf(index);
    return exact(operand.shown.data[row * grid(operand.shape).columns + column]);
  }

  /** A traced cell's number, and the cells that it came from or goes to. */
  function sentence(words, traced, value) {
    const { operand } = traced;
    const spell = (each) => spelled({ ...each, tensor: each.name }, belonging(each, traced), each.shape);
    const others = all
      .filter(({ side }) => side !== operand.side)
      .map(spell)
      .join(", ");
    const word = !others ? "step.alone" : operand.side === "writes" ? "step.from" : "step.into";
    return say(words, word, { cell: spell(operand), value, cells: others });
  }

  function longest(words) {
    const last = ({ shape }) => shape.map((size) => size - 1);
    const texts = all.map((operand) => sentence(words, { operand, index: last(operand) }, LONG));
    return texts.reduce((best, text) => (text.length > best.length ? text : best), "");
  }

  function pointed(operand, index) {
    trace = index && { operand, index };
    const state = store.get();
    light(state);
    tell(state);
    const lit = trace ? all.map((each) => ({ tensor: each.tensor, index: belonging(each) })) : [];
    store.set({ lit: lit.filter((mark) => mark.index) });
  }

  function chosen({ tensor }, index) {
    const { listing, example } = store.get();
    const choice = choiceOf(tensor, index, listing.tensors, example);
    if (choice) store.set(choice);
  }

  return { element, build, show, light };
}
