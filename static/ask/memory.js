// Questions about one moment, each asked once: asked again, it would have the same answer.

/** @import { Question, Terms } from "./client.js" */

/** @typedef {{found: any, refused?: undefined} | {refused: Error, found?: undefined}} Result */
/** @typedef {(question: Question, terms?: Terms) => Promise<Result | null>} Ask */

const KEPT = 8; // answers

/**
 * A question in one string, the same whichever moment it is about.
 *
 * @param {Question | null} question
 */
export const keyOf = (question) => JSON.stringify(question);

/**
 * Answers to questions, {question, ...fields}, about the moment asked about last. `find(t, question)` promises {found},
 * {refused}, or null where there is no answer; `known(t, question)` is {found} if it is there already, or null.
 *
 * @param {Ask} ask
 */
export function createMemory(ask) {
  const kept = new Map();
  let about = null;

  function begin(t, question) {
    const key = keyOf(question);
    const entry = { known: null };
    entry.coming = ask(question, { t, of: "run" }).then((result) => {
      if (result?.found) entry.known = result;
      else if (kept.get(key) === entry) kept.delete(key); // it may be otherwise the next time
      return result;
    });
    kept.set(key, entry);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return entry;
  }

  return {
    find(t, question) {
      if (t !== about) kept.clear();
      about = t;
      return (kept.get(keyOf(question)) ?? begin(t, question)).coming;
    },
    known: (t, question) => (t === about && kept.get(keyOf(question))?.known) || null,
    clear: () => kept.clear(),
  };
}
