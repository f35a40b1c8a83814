// What is said of a prediction: its texts with their blanks, and the terms of its reason in one line.

import { brief } from "../base/numbers.js";
import { say } from "../base/words.js";
import { cellName } from "../tensor/tensors.js";

/** @import { Words } from "../base/words.js" */

/**
 * @typedef {{word: string, blanks: Record<string, any>}} Told
 * @typedef {{tensor: string | null, index: number[] | null, value: number | string}} Term
 * @typedef {{rows: Term[][], over: number, result: Term | null}} Line
 */

/** @param {any} blank */
const readable = (blank) =>
  typeof blank === "number" ? (Number.isInteger(blank) ? String(blank).replace("-", "−") : brief(blank)) : blank;

/**
 * @param {Words} words
 * @param {Told} told
 */
export const textOf = (words, { word, blanks }) =>
  say(words, word, Object.fromEntries(Object.entries(blanks).map(([name, each]) => [name, readable(each)])));

/**
 * What a choice or an amount is called.
 *
 * @param {Words} words
 * @param {{choices: (Told & {name: string})[]}} prediction
 * @param {string | number} answer
 */
export function answerText(words, { choices }, answer) {
  const choice = choices.find(({ name }) => name === answer);
  return choice ? textOf(words, choice) : brief(Number(answer));
}

/** @param {Term} term */
export const nameOf = ({ tensor, index }) => (tensor === null ? "" : cellName(tensor, index ?? []));

/**
 * The numbers that the choices are compared by, one each; null where the reason is something else, or where the choices
 * are the same words each time, such as "it falls", and stand for no part of the network.
 *
 * @param {{choices: Told[]}} prediction
 * @param {Line} line
 */
export function comparedOf({ choices }, { rows, result }) {
  const fixed = choices.some(({ blanks }) => !Object.keys(blanks).length);
  if (result || fixed || rows.length !== choices.length || rows.some((row) => row.length !== 1)) return null;
  return rows.map(([{ value }]) => brief(Number(value)));
}

/**
 * The terms of a reason in one line, as a list of texts and terms: sums of products over a number, or rows that are compared.
 *
 * @param {Line} line
 * @returns {(string | Term)[]}
 */
export function partsOf({ rows, over, result }) {
  const product = (/** @type {Term[]} */ row) => row.flatMap((term, i) => (i ? [" · ", term] : [term]));
  if (!result) return rows.flatMap((row, i) => (i ? ["  |  ", ...product(row)] : product(row)));
  const sum = rows.flatMap((row, i) => (i ? [" + ", ...product(row)] : product(row)));
  const whole = over === 1 ? sum : ["(", ...sum, `) / ${over}`];
  return [...whole, " = ", result];
}

/**
 * A prediction as a script may read it: what is asked and of which scene, and once it is shown, the truth and the answer.
 *
 * @param {{found: any, answer: any, revealed: any}} asked
 * @param {{listing: any}} state
 */
export function questionOf({ found, answer, revealed }, { listing }) {
  if (!found) return null;
  const { kind, seed, t } = found;
  const scene = { experiment: found.experiment ?? listing?.experiment ?? null, t };
  return { kind, seed, scene, ...(revealed ? { key: revealed.key, answer } : {}) };
}
