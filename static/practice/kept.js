// What practice keeps in the browser: where its predictions come from, the one that is asked, and the tests.

import { keptIn } from "../base/kept.js";
import { fileOf, readFile } from "./files.js";

const NAME = "backscope.practice";

/**
 * @typedef {import("./files.js").Asked} Asked
 * @typedef {import("./files.js").Result} Result
 * @typedef {{answers: (string | number | null)[], step: number}} Begun a test that is being taken
 *
 * @typedef {object} Kept
 * @property {"here" | "others"} source
 * @property {string[] | null} concepts those that are chosen; all where it is null
 * @property {{kind: string, seed: number, answer: string | number | null} | null} asked a prediction of another run
 * @property {Record<string, Begun>} begun by the names of the tests
 * @property {Record<string, Result>} results by the names of the tests
 * @property {string} person what tells the results of this browser from those of others
 */

/** @returns {Kept} */
const nothing = () => ({ source: "here", concepts: null, asked: null, begun: {}, results: {}, person: "" });

const isObject = (/** @type {any} */ value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * What a text that was kept holds; nothing where it is none of ours.
 *
 * @param {string | null} text
 * @returns {Kept}
 */
export function read(text) {
  const kept = nothing();
  try {
    const { source, concepts, asked, begun, results, person } = JSON.parse(text ?? "{}");
    if (source === "others") kept.source = source;
    if (Array.isArray(concepts)) kept.concepts = concepts.map(String);
    if (typeof asked?.kind === "string" && Number.isSafeInteger(asked.seed)) kept.asked = asked;
    if (isObject(begun)) kept.begun = begun;
    if (isObject(results)) kept.results = results;
    if (typeof person === "string") kept.person = person;
    return kept;
  } catch {
    return nothing();
  }
}

/**
 * What is kept of tests that still have these items.
 *
 * @param {Pick<Kept, "begun" | "results">} kept
 * @param {Record<string, Asked[]>} tests
 */
export function ofTests({ begun, results }, tests) {
  const done = Object.values(results).map((each) => readFile(fileOf(each), tests));
  const going = Object.entries(begun).filter(
    ([name, each]) => Object.hasOwn(tests, name) && each?.answers?.length === tests[name].length,
  );
  return {
    begun: Object.fromEntries(going),
    results: Object.fromEntries(done.flatMap((each) => ("result" in each ? [[each.result.test, each.result]] : []))),
  };
}

/**
 * What is kept in a storage that the host opens; where there is none, it lasts as long as the page. `get()` gives it and
 * `set(changes)` changes it.
 *
 * @param {{open: () => Storage}} host
 */
export function createKept(host) {
  const kept = keptIn(host, NAME, read);
  /** @type {Record<string, Asked[]> | null} */
  let items = null;
  const get = () => (items ? { ...kept.get(), ...ofTests(kept.get(), items) } : kept.get());
  return {
    get,
    /** @param {Partial<Kept>} changes */
    set: (changes) => kept.set({ ...get(), ...changes }),
    /** Leave out tests that were kept of other items than these. @param {Record<string, Asked[]>} tests */
    hold(tests) {
      items = tests;
    },
  };
}
