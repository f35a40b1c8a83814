// The operands of a micro-step side by side: point at a cell, and those that it was computed from, or flows into, light up.

import { createAsker, keyOf } from "../asker.js";
import { createCells, MARGIN } from "../cells.js";
import { pace } from "../clock.js";
import { palette } from "../colours.js";
import { make } from "../dom.js";
import { colouringOf, pooled, reach } from "../draw/matrix.js";
import { count, exact, roundScale, scale as scaleText } from "../numbers.js";
import { agreeing, operands, spelled } from "../provenance.js";
import { choiceOf, grid, placeOf, within } from "../tensors.js";
import { locate } from "../time.js";
import { say } from "../words.js";

const [WIDEST, HIGHEST] = [106, 84]; // pixels of a grid without numbers
const [MOST_COLUMNS, MOST_ROWS, PRINTED] = [4, 6, [38, 20]]; // cells of a grid with numbers, and pixels of each
const SQUARE = 16; // the most pixels of a cell without its number
const TOO_FAST = 10; // units a second at which nothing more is asked for

/** A cell's [width, height]: with its number where there is room, else as large as the grid may be. */
function cellSize({ rows, columns }) {
  if (columns <= MOST_COLUMNS && rows <= MOST_ROWS) return PRINTED;
  return [Math.min(SQUARE, WIDEST / columns), Math.min(SQUARE, HIGHEST / rows)];
}

const isWhole = ({ frame }) => !frame.units && frame.example === null;

export function createOperands(store, ask) {
  const trail = make("p", { className: "quiet trail" });
  const element = make("div", { className: "operands" });
  let figures = []; // of each operand: {side, tensor, letters, cells, element, note, shown: {shape, data} or null}
  let trace = null; // the cell that is pointed at: {figure, index}
  let [step, shownAt, colours, answer] = [null, null, null, null];

  const asker = createAsker(store, askBoth, (given) => {
    answer = given;
    const state = store.get();
    if (given.found && locate(state.listing, given.t).last === step && given.key === keyOf(wishOf())) show(state, step);
  });

  /** What was read stands one micro-step earlier, what was written now. */
  async function askBoth(_, t, { reads, writes }) {
    const sides = [[reads, t - 1], [writes, t]].map(([names, at]) => (names.length ? ask("tensors", at, { names }) : { tensors: new Map() }));
    const [read, written] = await Promise.all(sides);
    return { reads: read.tensors, writes: written.tensors };
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
    [step, trace, figures, answer, shownAt] = [next, null, [], null, null];
    colours = palette();
    if (!step) return;
    const sides = operands(step.letters);
    for (const side of ["reads", "writes"]) figures.push(...sides[side].map((operand) => figureOf(state, side, operand)));
    const elements = (side) => figures.filter((each) => each.side === side).map((each) => each.element);
    element.replaceChildren(make("div", { className: "sides" }, ...elements("reads"), make("span", { className: "flow", textContent: "→", ariaHidden: "true" }), ...elements("writes")), trail);
  }

  function figureOf({ words }, side, { tensor, letters }) {
    const figure = { side, tensor, letters, shown: null };
    const twice = step.reads.includes(tensor) && step.writes.includes(tensor);
    figure.name = twice ? say(words, `step.${side}`, { tensor }) : tensor;
    figure.cells = createCells({ pointed: (index) => pointed(figure, index), chosen: (index) => chosen(figure, index) });
    figure.note = make("small");
    figure.element = make(
      "figure", { className: "operand" },
      make("figcaption", { textContent: letters.length ? `${figure.name} [${letters.join(", ")}]` : figure.name }),
      make("span", { className: "across", textContent: letters.length ? `${letters.at(-1)} →` : "", ariaHidden: "true" }),
      make("span", { className: "down", textContent: letters.length > 1 ? `${letters[0]} ↓` : "", ariaHidden: "true" }),
      figure.cells.canvas, figure.note,
    );
    figure.element.dataset.tensor = tensor;
    figure.cells.canvas.hidden = true;
    return figure;
  }

  /** Show the numbers of this moment, or have them asked for. */
  function show(state, next) {
    if (next !== step) return;
    const { moment, playing, speed } = state;
    const found = held(moment) ?? (answer?.found && keyOf(wishOf()) === answer.key ? answer.found : null);
    if (found) {
      shownAt = held(moment) ? moment.t : answer.t;
      for (const figure of figures) fill(state, figure, found[figure.side].get(figure.tensor));
    }
    if (!held(moment) && !(playing && pace(speed) > TOO_FAST)) asker.want(moment.t, wishOf());
    tell(state);
    light(state);
  }

  function fill({ words }, figure, tensor) {
    figure.cells.canvas.hidden = !tensor;
    if (!tensor || figure.shown?.data === tensor.data) return;
    figure.shown = tensor;
    const { rows, columns } = grid(tensor.shape);
    const cell = cellSize({ rows, columns });
    const scale = roundScale(reach(tensor.data));
    const size = { width: Math.ceil(columns * cell[0]) + 2 * MARGIN, height: Math.ceil(rows * cell[1]) + 2 * MARGIN };
    figure.cells.show(tensor, size, { cell, scale, colours, colouring: colouringOf(figure.tensor), font: getComputedStyle(document.body).fontFamily });
    const [across, down] = cell.map(pooled);
    figure.note.textContent = across * down > 1 ? say(words, "step.pooled", { across, down }) : "";
    figure.element.firstChild.title = say(words, "matrix.full", { scale: scaleText(scale) });
  }

  /** The pattern of cells that belong to the traced one in another operand; undefined where there is none. */
  function belonging(figure) {
    if (figure === trace.figure) return trace.index;
    return figure.side === trace.figure.side ? undefined : agreeing(trace.figure, trace.index, figure);
  }

  function light({ lit, hovered, listing }) {
    for (const figure of figures) {
      const marks = [...lit, hovered].filter(Boolean);
      const patterns = trace ? [belonging(figure)] : marks.map((mark) => within(mark, figure.tensor, listing.tensors));
      figure.cells.light(patterns.filter(Boolean).map(placeOf));
    }
  }

  /** What is pointed at in words: its number, and the cells that it came from or goes to. */
  function tell({ words, moment }) {
    const late = shownAt === null ? say(words, "step.resting") : shownAt !== moment.t ? say(words, "view.late", { t: count(shownAt) }) : "";
    const text = trace?.figure.shown ? sentence(words) : say(words, "step.point");
    trail.textContent = [shownAt === null ? "" : text, late].filter(Boolean).join(" ");
    for (const figure of figures) figure.cells.say(figure.element.firstChild.textContent, trace?.figure === figure ? text : "");
  }

  function sentence(words) {
    const { figure, index } = trace;
    const { row, column } = placeOf(index);
    const { shape, data } = figure.shown;
    const named = (each) => spelled({ ...each, tensor: each.name }, belonging(each), each.shown.shape);
    const others = figures.filter((each) => each.side !== figure.side && each.shown).map(named);
    const word = !others.length ? "step.alone" : figure.side === "writes" ? "step.from" : "step.into";
    return say(words, word, { cell: named(figure), value: exact(data[row * grid(shape).columns + column]), cells: others.join(", ") });
  }

  function pointed(figure, index) {
    trace = index && { figure, index };
    const state = store.get();
    light(state);
    tell(state);
    store.set({ lit: index ? lights() : [] });
  }

  /** What is lit in the network, of each operand those cells; null in an index stands for any. */
  const lights = () => figures.map((figure) => ({ tensor: figure.tensor, index: belonging(figure) })).filter(({ index }) => index?.length);

  function chosen({ tensor }, index) {
    const { listing, example } = store.get();
    const choice = choiceOf(tensor, index, listing.tensors, example);
    if (choice) store.set(choice);
  }

  return { element, build, show, light };
}
