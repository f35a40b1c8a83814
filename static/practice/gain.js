// What was learned between two tests: the normalized gain of a person, and that of a class.

/** @import { Result } from "./files.js" */

/** @param {Result} result */
export const scoreOf = ({ items }) => items.filter(({ right }) => right).length;

/**
 * The normalized gain (after − before) / (count − before): the share of what was wrong before that is right after. Null
 * where nothing was wrong before.
 *
 * @param {number} before
 * @param {number} after
 * @param {number} count
 */
export const gainOf = (before, after, count) => (before === count ? null : (after - before) / (count - before));

/** @param {number[]} numbers */
const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** Who a result is of: a name, however it is written, or else the browser that it comes from. @param {Result} result */
const personOf = ({ name, person }) => name.trim().toLowerCase().replace(/\s+/g, " ") || `#${person}`;

/**
 * The table of a class: a row for each person, by name; of several results of one test the latest counts. `pairs` are how many
 * have both, of whom alone the means, the gain and the numbers by concept are; null where there are none.
 *
 * @param {Result[]} results
 */
export function classOf(results) {
  /** @type {Map<string, {name: string, before: Result | null, after: Result | null}>} */
  const people = new Map();
  for (const result of results.toSorted((one, other) => one.date.localeCompare(other.date))) {
    const key = personOf(result);
    const row = people.get(key) ?? { name: "", before: null, after: null };
    people.set(key, { ...row, name: result.name.trim(), [result.test]: result });
  }
  const rows = [...people.values()]
    .map(({ name, before, after }) => {
      const scores = [before, after].map((each) => each && scoreOf(each));
      const gain = before && after ? gainOf(scores[0], scores[1], before.items.length) : null;
      return { name, before: scores[0], after: scores[1], gain, of: [before, after] };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name));
  const both = rows.filter(({ before, after }) => before !== null && after !== null);
  if (!both.length) return { rows, pairs: 0, means: null, concepts: [] };
  const count = both[0].of[0].items.length;
  const [before, after] = ["before", "after"].map((test) => mean(both.map((row) => row[test])));
  const concepts = both[0].of[0].items.map(({ concept }, i) => {
    const right = both[0].of.map((_, test) => both.filter((row) => row.of[test].items[i].right).length);
    return { concept, before: right[0], after: right[1] };
  });
  return { rows, pairs: both.length, means: { before, after, gain: gainOf(before, after, count) }, concepts };
}
