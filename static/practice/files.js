// The files of practice: the answers that are kept, and the result of a test.

import { answersIn } from "../lessons/progress.js";

const FORMAT = 1;
const LONGEST_NAME = 80; // letters

/**
 * @typedef {import("../lessons/progress.js").Answer} Answer
 * @typedef {{kind: string, concept: string, seed: number}} Asked an item of a test
 * @typedef {Asked & {answer: string | number | null, right: boolean}} Item one that has been answered
 * @typedef {object} Result
 * @property {"before" | "after"} test
 * @property {string} name the person's, or nothing
 * @property {string} person what tells the results of one browser from those of others
 * @property {string} date
 * @property {Item[]} items
 */

/** @param {object} plain */
const textOf = (plain) => `${JSON.stringify(plain, null, 2)}\n`;

/** @param {string} date */
const dayOf = (date) => date.slice(0, 10);

/** @param {string} name */
const lettersOf = (name) =>
  name
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");

/**
 * The file of all answers, {name, text}.
 *
 * @param {Record<string, Answer>} answers by their places
 * @param {string} date
 */
export function ofAnswers(answers, date) {
  const given = Object.entries(answers).map(([place, answer]) => ({ place, ...answer }));
  const text = textOf({ backscope: "predictions", format: FORMAT, date, answers: given });
  return { name: `backscope-predictions-${dayOf(date)}.json`, text };
}

/**
 * A result as it stands in a file.
 *
 * @param {Result} result
 */
export const fileOf = (result) => ({ backscope: "test", format: FORMAT, ...result });

/**
 * The file of a result, {name, text}.
 *
 * @param {Result} result
 */
export function ofResult(result) {
  const { test, name, date } = result;
  const parts = ["backscope", test, lettersOf(name), dayOf(date)].filter(Boolean);
  return { name: `${parts.join("-")}.json`, text: textOf(fileOf({ ...result, name: name.trim() })) };
}

/** @param {any} plain */
const isText = (plain) => typeof plain === "string";

/** @param {any} given @param {Asked} asked */
const answers = (given, { kind, seed }) =>
  given?.kind === kind && given.seed === seed && typeof given.right === "boolean" && "answer" in given;

/**
 * What the plain value of a file holds: {answers} by their places, {result} of a test, or {wrong} with the word for what is
 * the matter with it. `tests` are the items of the tests that there are.
 *
 * @param {any} plain
 * @param {Record<string, Asked[]>} tests
 * @returns {{answers: Record<string, Answer>} | {result: Result} | {wrong: string}}
 */
export function readFile(plain, tests) {
  const what = plain?.backscope;
  if (what !== "predictions" && what !== "test") return { wrong: "practice.file.other" };
  if (plain.format !== FORMAT) return { wrong: "practice.file.format" };
  if (what === "predictions") {
    const given = Array.isArray(plain.answers)
      ? plain.answers.filter((/** @type {any} */ each) => isText(each?.place))
      : [];
    const found = given.map(({ place, ...answer }) => [place, answer]);
    return { answers: answersIn(Object.fromEntries(found)) };
  }
  const asked = Object.hasOwn(tests, plain.test) ? tests[plain.test] : null;
  const { items, date, test, name = "", person = "" } = plain;
  if (!asked || !isText(date) || !isText(name) || !isText(person)) return { wrong: "practice.file.test" };
  if (!Array.isArray(items) || items.length !== asked.length || !asked.every((each, i) => answers(items[i], each)))
    return { wrong: "practice.file.items" };
  const known = asked.map((each, i) => ({ ...each, answer: items[i].answer, right: items[i].right }));
  return { result: { test, name: name.slice(0, LONGEST_NAME), person, date, items: known } };
}
