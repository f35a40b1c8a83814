// A formula filled in: numbers in the place of its symbols. It follows from the formula and the index letters of the
// equation alone: a letter that the result has not is summed over.

import { counted, operands } from "../tensor/letters.js";
import { endOfTerm, isFree, math, rowOf, sign, summedBy, tensorOf } from "./mathml.js";
import { choices, chosenOf, joined } from "./sums.js";

/** @import { Axis, MicroStep } from "../base/types.js" */
/** @import { Places } from "./sums.js" */

/** @typedef {{tensor: string, index: number[]}} Cell An element of a tensor. */

/**
 * What an equation is filled in from.
 *
 * @typedef {object} Source
 * @property {(tensor: string, index: number[]) => number | undefined} read a number as the equation has read it
 * @property {(tensor: string, index: number[]) => number | undefined} written and as it has been computed
 * @property {(axis: Axis) => number} size how many an axis counts
 * @property {number} example the one that is shown
 * @property {number} few up to so many terms of a sum are all written; 0 for the result alone
 * @property {Record<string, Axis[]>} tensors
 */

/** @typedef {MicroStep & {formula: string, settings: [string, any][]}} Step */

const EXAMPLES = "m"; // the formulas' letter for how many examples the mini-batch has
const ROWS = new Set(["mrow", "msqrt", "mstyle", "mtd"]);

/**
 * What the symbols of a step's formula stand for: `letters(symbol)` those that it is written with, else those of its
 * declaration; `free(node, places)` those that stand for nothing yet; `axes` what each of them counts.
 *
 * @param {Step} step
 * @param {Source} source
 */
function createReader({ letters }, { tensors }) {
  const { reads, writes } = operands(letters);
  const all = [...reads, ...writes];
  const axes = counted(all, tensors);

  /** @param {any} symbol @returns {string[]} */
  function lettersOf(symbol) {
    const declared = all.find(({ tensor }) => tensor === tensorOf(symbol))?.letters ?? [];
    const below = [...symbol.querySelectorAll("msub, msubsup")].map((each) => [...each.children[1].textContent]);
    const fits = (/** @type {string[]} */ own) =>
      own.length === declared.length && own.every((letter) => axes.has(letter));
    const found = below.find(fits) ?? declared;
    const turned = tensors[tensorOf(symbol)]?.[0] === "example" && found.length > 1 && axes.get(found[0]) !== "example";
    return turned ? found.toReversed() : found; // examples in columns
  }

  /** @param {Element} node @param {Places} places */
  const free = (node, places) => (tensorOf(node) ? lettersOf(node).filter((letter) => !(letter in places)) : []);

  return { axes, letters: lettersOf, free };
}

/**
 * Fills in a step's formula, whose `clauses` may define what another one uses: `fill(nodes, places)` returns siblings with
 * their numbers. `number(value, cell)` makes a number, of an element or a setting.
 *
 * @param {Step} step
 * @param {Element[][][]} clauses
 * @param {Source} source
 * @param {(value: number, cell?: Cell) => Element} number
 */
export function createFilling(step, clauses, source, number) {
  const { axes, letters: lettersOf, free } = createReader(step, source);
  const settings = step.settings.map(([written, value]) => ({ symbol: rowOf(written).firstElementChild, value }));

  /** How large a sum's term is at a place of a letter: the product of what the letter counts. */
  function sizeOf(letter, body, places) {
    const nodes = body.flatMap((node) => [node, ...node.querySelectorAll("[data-tensor]")]);
    const own = nodes.filter((node) => free(node, places).includes(letter));
    return (place) =>
      own.reduce((product, node) => {
        const index = lettersOf(node).map((each) => (each === letter ? place : (places[each] ?? source.example)));
        return product * Math.abs(source.read(tensorOf(node), index) ?? 0);
      }, 1);
  }

  function sum(letters, body, places, bare) {
    const counts = letters.map((letter) => source.size(axes.get(letter)));
    const chosen = letters.map((letter, i) =>
      chosenOf({
        count: counts[i],
        few: source.few,
        example: axes.get(letter) === "example" ? source.example : null,
        size: sizeOf(letter, body, places),
      }),
    );
    const all = choices(letters, chosen);
    const terms = all.map((each) => fill(body, { ...places, ...each }));
    const first = letters.reduce((flat, letter, i) => flat * counts[i] + all[0][letter], 0);
    const left = counts.reduce((product, count) => product * count, 1) - terms.length;
    return joined(terms, { before: left > 0 && first > 0, after: left > 0 && first < left, bare });
  }

  function fill(nodes, places) {
    const made = [];
    for (let i = 0; i < nodes.length; i++) {
      const [summed, end] = [summedBy(nodes[i]), endOfTerm(nodes, i)];
      const [shared] = free(nodes[i], places);
      const last = shared ? nodes.slice(0, end).findLastIndex((node) => free(node, places).includes(shared)) : i;
      if (summed?.every((letter) => axes.has(letter))) {
        made.push(...sum(summed, nodes.slice(i + 1, end), places, isFree(made.at(-1))));
        i = end - 1;
      } else if (last > i) {
        made.push(...sum([shared], nodes.slice(i, last + 1), places, isFree(made.at(-1)) && last + 1 === end));
        i = last;
      } else made.push(one(nodes[i], places));
    }
    return made;
  }

  /** A symbol's number; where there is none, what another clause says of it, or the symbol. */
  function replaced(node, places) {
    const [tensor, letters] = [tensorOf(node), lettersOf(node)];
    const index = letters.map((letter) => places[letter]);
    const value = index.includes(undefined) ? undefined : source.read(tensor, index);
    if (value !== undefined) return number(value, { tensor, index });
    const own = clauses.slice(1).find(([[first]]) => tensorOf(first) === tensor);
    return own ? math("mrow", sign("("), ...fill(own.at(-1), places), sign(")")) : node.cloneNode(true);
  }

  function one(node, places) {
    if (tensorOf(node)) return replaced(node, places);
    const setting = settings.find((each) =>
      [node, node.firstElementChild].some((part) => each.symbol.isEqualNode(part)),
    );
    if (typeof setting?.value === "number") return number(setting.value);
    if (node.localName === "mi" && node.textContent === EXAMPLES) return math("mn", String(source.size("example")));
    if (node.textContent === "⊙") return sign("·");
    if (!node.children.length) return node.cloneNode(true);
    const [copy, children] = [node.cloneNode(false), [...node.children]];
    copy.append(...(ROWS.has(node.localName) ? fill(children, places) : children.map((child) => one(child, places))));
    return copy;
  }

  return fill;
}
