// Which kind of prediction comes next: what came out wrong more often comes more often.

/** @import { Answer } from "../lessons/progress.js" */

/**
 * How often a concept, or a kind, comes beside others: the share of its predictions that came out wrong, one right and one
 * wrong added to them, so that what has not been asked yet counts one half, and nothing ever leaves altogether.
 *
 * @param {Answer[]} answers those of this concept or kind
 */
export const weightOf = (answers) => (answers.filter(({ right }) => !right).length + 1) / (answers.length + 2);

/**
 * One of these names, by their weights; `at` is a number from 0 up to 1, which decides.
 *
 * @param {{name: string, weight: number}[]} offered
 * @param {number} at
 */
export function drawn(offered, at) {
  let left = at * offered.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of offered) {
    left -= weight;
    if (left < 0) return name;
  }
  return offered.at(-1)?.name ?? null;
}

/**
 * The kind that is asked next: a concept by its weight, then a kind of it by its own; another one than the last, where there
 * is any. Null where none may be asked.
 *
 * @param {Record<string, string[]>} concepts the kinds that may be asked, by their concepts
 * @param {Answer[]} answers all that have been given
 * @param {string | null} last the kind that was asked last
 * @param {() => number} random
 */
export function nextKind(concepts, answers, last, random) {
  const others = Object.entries(concepts).map(([concept, kinds]) => [concept, kinds.filter((kind) => kind !== last)]);
  const known = others.some(([, kinds]) => kinds.length) ? others : Object.entries(concepts);
  const offered = known.filter(([, kinds]) => kinds.length);
  /** @param {"concept" | "kind"} field @param {string[]} names */
  const choose = (field, names) =>
    drawn(
      names.map((name) => ({ name, weight: weightOf(answers.filter((each) => each[field] === name)) })),
      random(),
    );
  const concept = choose(
    "concept",
    offered.map(([name]) => String(name)),
  );
  return concept === null ? null : choose("kind", Object.fromEntries(offered)[concept]);
}

/**
 * The concepts that are chosen, each with those of its kinds that may be asked; a concept without any is left out.
 *
 * @param {Record<string, string[]>} concepts all of them
 * @param {string[] | null} chosen names of concepts; all where it is null
 * @param {Iterable<string>} suiting the kinds that may be asked
 */
export function offeredOf(concepts, chosen, suiting) {
  const may = new Set(suiting);
  const left = Object.entries(concepts)
    .filter(([name]) => !chosen || chosen.includes(name))
    .map(([name, kinds]) => [name, kinds.filter((kind) => may.has(kind))]);
  return Object.fromEntries(left.filter(([, kinds]) => kinds.length));
}
