// The equation of a micro-step for one element of its result, with numbers in place of the symbols.

import { brief, full, hundredths } from "../base/numbers.js";
import { operands } from "../tensor/letters.js";
import { createFilling } from "./filling.js";
import { clausesOf, math, rowOf, sign, tensorOf, tidy, withIndex } from "./mathml.js";

/** @import { Cell, Source, Step } from "./filling.js" */

/**
 * A number as short as it goes.
 *
 * @param {number | undefined} value
 */
const short = (value) => (Number.isInteger(value) && Math.abs(value) < 1000 ? hundredths(value) : brief(value));

/**
 * The numbers of a step; what it reads and writes moves only a little, as all digits show.
 *
 * @param {Step} step
 * @param {(element: any, cell: Cell) => any} mark
 */
const numbersOf =
  ({ reads, writes }, mark) =>
  /** @type {(value: number, cell?: Cell) => any} */
  (value, cell) => {
    const moves = cell && reads.includes(cell.tensor) && writes.includes(cell.tensor);
    const made = math("mn", moves ? full(value) : short(value));
    made.setAttribute("data-number", "");
    return cell ? mark(made, cell) : made;
  };

/**
 * The symbol of an element, which `mark` has stand for it.
 *
 * @param {Element[]} side
 * @param {Cell} cell
 * @param {Source} source
 */
function symbolOf(side, { tensor, index }, { tensors, size }) {
  const counts = (/** @type {import("../base/types.js").Axis} */ axis) => axis !== "example" && size(axis) > 1;
  return withIndex(
    side.find(tensorOf) ?? side[0],
    index.filter((_, place) => counts(tensors[tensor][place])),
  );
}

/**
 * An equation for one element as a `math` element: its symbol, where `formula` its formula, then numbers, and the result.
 * `mark(element, cell)` has a number stand for an element of a tensor, and returns it.
 *
 * @param {Step} step
 * @param {Cell} cell
 * @param {Source} source
 * @param {{formula: boolean, className: string}} look of the result, whose class is given
 * @param {(element: any, cell: Cell) => any} mark
 */
export function equationOf(step, cell, source, { formula, className }, mark) {
  const clauses = clausesOf(rowOf(step.formula));
  const [sides] = clauses;
  const number = numbersOf(step, mark);
  const { letters } = operands(step.letters).writes[0];
  const places = Object.fromEntries(letters.map((letter, place) => [letter, cell.index[place]]));
  const known = source.few > 0 && step.reads.length > 0;
  const filled = math("mrow", ...(known ? createFilling(step, clauses, source, number)(sides.at(-1), places) : []));
  const told = [mark(symbolOf(sides[0], cell, source), cell)];
  if (formula && step.reads.length) told.push(sign("="), ...sides.at(-1).map((node) => node.cloneNode(true)));
  if (filled.querySelector("[data-number]")) told.push(sign("="), filled);
  const result = number(source.written(cell.tensor, cell.index), cell);
  if (className) result.classList.add(className);
  const made = math("math", math("mrow", ...told, sign("="), result));
  tidy(made);
  return made;
}
