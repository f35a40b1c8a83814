// What a reader has done: the step that each lesson has come to, and what was predicted, kept in the browser's storage.

import { keptIn } from "../base/kept.js";

const NAME = "backscope.lessons";
const PRACTISED = "practice:"; // how the place of an answer begins that was given in practice
const MOST = 1000; // answers that are kept: beyond, the oldest go

/**
 * @typedef {object} Answer
 * @property {string} kind
 * @property {string} concept
 * @property {number} [seed]
 * @property {string | number} [answer] a reader's
 * @property {boolean | null} right
 * @property {string} scene a link to its moment
 * @property {string} [date]
 *
 * @typedef {{places: Record<string, number>, answers: Record<string, Answer>}} Kept answers by the link to their step; those
 *   of practice by the time at which they were given
 */

/** Where an answer of practice is kept, by a date. @param {Date} date */
export const practised = (date) => `${PRACTISED}${date.toISOString()}`;

/**
 * What of the view stands beside the moment of an answer: the step that asked it, or practice.
 *
 * @param {string} place
 */
export const besideOf = (place) => (place.startsWith(PRACTISED) ? { practice: "questions" } : { lesson: place });

/** The latest of these answers, as many as are kept. @param {Record<string, Answer>} answers */
const latest = (answers) => Object.fromEntries(Object.entries(answers).slice(-MOST));

const isObject = (/** @type {any} */ value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** @param {any} all @param {(each: any) => boolean} fits */
const known = (all, fits) =>
  Object.fromEntries(Object.entries(isObject(all) ? all : {}).filter(([, each]) => fits(each)));

/**
 * The answers of a plain value by their places; nothing where there are none of ours.
 *
 * @param {any} plain
 * @returns {Record<string, Answer>}
 */
export const answersIn = (plain) =>
  known(plain, (each) => ["kind", "concept", "scene"].every((name) => typeof each?.[name] === "string"));

/**
 * What a text that was kept holds; nothing where it is none of ours.
 *
 * @param {string | null} text
 * @returns {Kept}
 */
export function read(text) {
  try {
    const { places, answers } = JSON.parse(text ?? "{}");
    return { places: known(places, Number.isSafeInteger), answers: answersIn(answers) };
  } catch {
    return { places: {}, answers: {} };
  }
}

/**
 * How many predictions came true, of how many, by concept in the order in which they were asked first; `wrong` are the
 * links to the steps and the moments of those that did not.
 *
 * @param {Record<string, Answer>} answers
 */
export function scoreOf(answers) {
  /** @type {Map<string, {concept: string, right: number, asked: number, wrong: {step: string, scene: string}[]}>} */
  const concepts = new Map();
  for (const [step, { concept, right, scene }] of Object.entries(answers)) {
    const found = concepts.get(concept) ?? { concept, right: 0, asked: 0, wrong: [] };
    found.asked += 1;
    if (right) found.right += 1;
    else found.wrong.push({ step, scene });
    concepts.set(concept, found);
  }
  const all = [...concepts.values()];
  const sum = (/** @type {"right" | "asked"} */ name) => all.reduce((total, each) => total + each[name], 0);
  return { right: sum("right"), asked: sum("asked"), concepts: all };
}

/**
 * What is kept in a storage that the host opens; where there is none, it lasts as long as the page.
 *
 * @param {{open: () => Storage}} host
 */
export function createProgress(host) {
  const kept = keptIn(host, NAME, read);
  const now = kept.get;
  /** @param {Partial<Kept>} changes */
  const keep = (changes) => kept.set({ ...now(), ...changes });

  return {
    /** @param {string} name */
    placeIn: (name) => now().places[name] ?? null,
    score: () => scoreOf(now().answers),
    answers: () => now().answers,
    /** @param {string} step */
    answerAt: (step) => now().answers[step] ?? null,
    /** @param {{name: string, step: number}} place */
    come: ({ name, step }) => keep({ places: { ...now().places, [name]: step } }),
    /** @param {string} step @param {Answer} answer */
    answer: (step, answer) => keep({ answers: latest({ ...now().answers, [step]: answer }) }),
    /** Add answers that were saved, those that are there already being theirs. @param {Record<string, Answer>} answers */
    add: (answers) => keep({ answers: latest({ ...answers, ...now().answers }) }),
    clear: () => keep({ answers: {} }),
  };
}

/** @type {WeakMap<object, ReturnType<typeof createProgress>>} */
const ofStores = new WeakMap();

/**
 * The one of a mount, which lessons and practice share.
 *
 * @param {object} store
 * @param {{open: () => Storage}} host
 */
export function progressOf(store, host) {
  const there = ofStores.get(store) ?? createProgress(host);
  ofStores.set(store, there);
  return there;
}
