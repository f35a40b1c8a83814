// The equation and the element of its result that the caption shows.

import { counted, operands } from "../tensor/letters.js";
import { parameterOf, split, within } from "../tensor/tensors.js";

/** @import { Cell } from "../tensor/tensors.js" */
/** @import { Listing, MicroStep, Moment } from "../base/types.js" */

const MAIN = ["a", "loss", "delta", "W"]; // what the equations of a layer lead to, by kinds of tensors

/**
 * The equation to show of those that were computed together: the one that wrote what goes with the parameter that is
 * meant, else what all of them lead to, else the last.
 *
 * @param {MicroStep[]} unit
 * @param {Cell | null} meant
 */
export function stepOf(unit, meant) {
  const parameter = meant && parameterOf(meant.tensor);
  const own = parameter && unit.find(({ writes }) => writes.some((name) => parameterOf(name) === parameter));
  const main = unit.find(({ writes }) => MAIN.includes(split(writes[0])[0]));
  return own ?? main ?? unit.at(-1);
}

/**
 * Every index of a tensor that agrees with a pattern, in which null stands for any.
 *
 * @param {(number | null)[]} pattern
 * @param {number[]} sizes
 * @returns {number[][]}
 */
const agreeing = (pattern, sizes) =>
  pattern.reduce(
    (found, fixed, axis) =>
      found.flatMap((index) =>
        (fixed === null ? Array.from({ length: sizes[axis] }, (_, i) => i) : [fixed]).map((i) => [...index, i]),
      ),
    /** @type {number[][]} */ ([[]]),
  );

/**
 * How much an example has to do with an element that all examples share: the product of what the equation has read of
 * it. Of an element that belongs to an example, or is read of none, its own size.
 *
 * @param {{tensor: string, index: number[]}} cell
 * @param {MicroStep} step
 * @param {{listing: Listing, moment: Moment}} state
 * @param {number} example
 */
function weightOf({ tensor, index }, { letters }, { listing, moment }, example) {
  const { reads, writes } = operands(letters);
  const axes = counted([...reads, ...writes], listing.tensors);
  const of = [...axes].find(([, axis]) => axis === "example")?.[0];
  const own = writes[0].letters;
  const shared = reads.filter((each) => each.letters.includes(of));
  if (!shared.length || own.includes(of) || !own.length) return Math.abs(moment.value(tensor, ...index));
  const places = { ...Object.fromEntries(own.map((letter, place) => [letter, index[place]])), [of]: example };
  const sizes = shared.map((each) =>
    Math.abs(moment.value(each.tensor, ...each.letters.map((letter) => places[letter]))),
  );
  return sizes.reduce((product, size) => product * size, 1);
}

/**
 * The element of what a step has computed that the caption is of: for the example that is shown, where the mark lies that
 * is meant; of those that are left the one that weighs the most.
 *
 * @param {{listing: Listing, moment: Moment, example: number}} state
 * @param {MicroStep} step
 * @param {Cell | null} meant
 * @returns {{tensor: string, index: number[]}}
 */
export function cellOf(state, step, meant) {
  const { listing, moment, example } = state;
  const [tensor] = step.writes;
  const axes = listing.tensors[tensor];
  const shown = moment.shownExample(example);
  const at = (meant && within(meant, tensor, listing.tensors)) ?? [];
  const pattern = axes.map((axis, place) => (axis === "example" ? shown : (at[place] ?? null)));
  const sizes = axes.map((axis) => (axis === "example" ? moment.examples : listing.sizes[axis]));
  let best = { tensor, index: pattern.map((each) => each ?? 0) };
  let most = -1;
  for (const index of agreeing(pattern, sizes)) {
    const weight = weightOf({ tensor, index }, step, state, shown);
    if (weight > most) [best, most] = [{ tensor, index }, weight];
  }
  return best;
}
