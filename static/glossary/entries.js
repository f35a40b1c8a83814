// The entries of the glossary: which one is meant, which are sought, and which a text names.

import { split, within } from "../tensor/tensors.js";

/** @import { Axis, Listing, Moment } from "../base/types.js" */
/** @import { Cell } from "../tensor/tensors.js" */

/**
 * An entry as the server gives it: `names` are those of its language, `found` those of all languages.
 *
 * @typedef {{name: string, group: string, title: string, names: string[], found: string[], tensors: string[], signs: string[],
 *   related: string[], see: {kind: string, which: string, title?: string}[], language: string}} Entry
 * @typedef {{entry: Entry, tensor: string | null, index: number[] | null}} Asked what is asked of an entry: of one of its
 *   tensors, or of an element of that
 */

const CELL = /^([A-Za-z_]+\d*)(?:\[(\d+(?:, ?\d+)*)\])?$/;
const SHORT = 3; // letters of a name, below which it is no word of a text
const LATIN = /^[\p{Script=Latin}\d\s-]+$/u;

/**
 * What is asked by the name of an entry, of a tensor, of an element such as "W1[0, 2]", or by a sign of formulas; null where
 * there is no such thing, or several.
 *
 * @param {string} asked
 * @param {Entry[]} entries
 * @returns {Asked | null}
 */
export function resolved(asked, entries) {
  const of = (/** @type {Entry | undefined} */ entry, tensor = null, index = null) => entry && { entry, tensor, index };
  const signed = entries.filter(({ signs }) => signs.includes(asked));
  const named = of(entries.find(({ name }) => name === asked) ?? (signed.length === 1 ? signed[0] : undefined));
  if (named || signed.length) return named ?? null;
  const [, tensor, places] = asked.match(CELL) ?? [];
  if (!tensor) return null;
  const has = (/** @type {string} */ name) => entries.find(({ tensors }) => tensors.includes(name));
  const index = places ? places.split(",").map(Number) : null;
  return of(has(tensor) ?? has(split(tensor)[0]), tensor, index) ?? null;
}

/**
 * The entries that are sought: those with just this name or sign, and then those with a name that has it in it. A single
 * letter is a sign, where it is one.
 *
 * @param {Entry[]} entries
 * @param {string} sought
 */
export function matching(entries, sought) {
  const text = sought.trim().toLowerCase();
  const named = (/** @type {Entry} */ { found, signs }) =>
    signs.includes(sought.trim()) || found.some((name) => name.toLowerCase() === text);
  const first = entries.filter(named);
  if (first.length && text.length === 1) return first;
  const others = entries.filter((each) => !named(each) && each.found.some((name) => name.toLowerCase().includes(text)));
  return text ? [...first, ...others] : entries;
}

/** A pattern that finds a name in a text: as a whole word, or in the plural, where words stand apart. */
function patternOf(/** @type {string} */ name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(LATIN.test(name) ? `(?<![\\p{L}\\d])${escaped}e?s?(?![\\p{L}\\d])` : escaped, "iu");
}

/**
 * The entries that a text names, in its order. Where one name lies in another, the longer one counts.
 *
 * @param {string} text
 * @param {Entry[]} entries
 * @returns {Entry[]}
 */
export function namedIn(text, entries) {
  const names = entries
    .flatMap((entry) => [entry.title, ...entry.names].map((name) => ({ entry, name })))
    .filter(({ name }) => !LATIN.test(name) || name.length >= SHORT)
    .toSorted((one, other) => other.name.length - one.name.length);
  /** @type {Map<Entry, number>} */
  const places = new Map();
  let left = text;
  for (const { entry, name } of names) {
    const match = left.match(patternOf(name));
    if (!match) continue;
    left = `${left.slice(0, match.index)}${"\0".repeat(match[0].length)}${left.slice(match.index + match[0].length)}`;
    places.set(entry, Math.min(places.get(entry) ?? Infinity, match.index));
  }
  return [...places].toSorted(([, one], [, other]) => one - other).map(([entry]) => entry);
}

/**
 * The tensors of a run that an entry is about, layer by layer.
 *
 * @param {Entry} entry
 * @param {Entry[]} entries
 * @param {Record<string, Axis[]>} tensors
 */
export const tensorsOf = (entry, entries, tensors) =>
  Object.keys(tensors)
    .filter((name) => resolved(name, entries)?.entry === entry)
    .toSorted((one, other) => split(one)[1] - split(other)[1]);

/**
 * The element of a tensor that lies where one is asked for, or where the chosen mark is, for the example that is shown; null
 * where that is not one element.
 *
 * @param {string} tensor
 * @param {number[] | null} index that is asked for
 * @param {{listing: Listing, moment: Moment, selected: Cell | null, example: number}} state
 * @returns {number[] | null}
 */
export function elementOf(tensor, index, { listing, moment, selected, example }) {
  const axes = listing.tensors[tensor];
  const size = (/** @type {Axis} */ axis) => (axis === "example" ? moment.examples : listing.sizes[axis]);
  if (index?.length === axes.length && index.every((at, place) => at < size(axes[place]))) return index;
  const pattern = axes.length ? selected && within(selected, tensor, listing.tensors) : [];
  const filled = pattern?.map((at, place) => at ?? (axes[place] === "example" ? moment.shownExample(example) : null));
  return filled?.includes(null) === false ? /** @type {number[]} */ (filled) : null;
}
