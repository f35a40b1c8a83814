// What the view of a recorded run says.

import { brief, count, precise } from "../../base/numbers.js";
import { cellName } from "../../tensor/tensors.js";
import { refusal, say } from "../../base/words.js";

const [SINGLE, FEW] = [7, 3]; // digits of a number in single precision, as cells come, and of a difference

/** What the proof of the whole recording has found. @returns {{title: string, cause: string | null}} */
export function verdictOf(words, { agrees, tensors, steps, tolerance, tensor, number, cause }) {
  if (agrees) {
    const blanks = { tensors: count(tensors), steps: count(steps), tolerance: brief(tolerance) };
    return { title: say(words, "recorded.agrees", blanks), cause: null };
  }
  const title = say(words, "recorded.disagrees", { tensor, step: count(number) });
  return { title, cause: say(words, `recorded.cause.${cause}`) };
}

/** What is said of a recording that was proven and cannot be stepped. @returns {string[]} */
export const unfitOf = (words, { file, why: { refused, details } }) => [
  say(words, "recorded.unfit", { file }),
  refusal(words, { message: refused, details }),
];

/** What has to be known of the two numbers. @returns {string[]} */
export const notesOf = (words, tensor, { own, apart }) => [
  ...(own === tensor ? [] : [say(words, "recorded.used", { tensor, own })]),
  ...(apart ? [say(words, "recorded.apart.why")] : []),
];

/** What has to be said of the recording: what of it there is, and what can be stepped. @returns {string[]} */
export function remarksOf(words, { proof, first, count: steps, beginnings }) {
  const last = first + steps - 1;
  const range = { first: count(first), last: count(last), steps: count(steps) };
  return [
    ...(proof.cut ? [say(words, "recorded.cut", { steps: count(proof.steps) })] : []),
    ...(beginnings.length > 1 ? [say(words, "recorded.some")] : []),
    steps === 1 ? say(words, "recorded.one", range) : say(words, "recorded.steps", range),
  ];
}

/** Which training step of the recorded run a tensor is of, and whether it agrees there. */
export function placeOf(words, tensor, { proof, number, agrees, due, names }) {
  if (number === null) return say(words, "recorded.after");
  if (!names.includes(tensor)) return say(words, "recorded.missing", { tensor });
  const blanks = { tensor, step: count(number) };
  if (due !== null) return say(words, "recorded.due", { ...blanks, t: count(due) });
  if (agrees) return say(words, "recorded.tensor.agrees", blanks);
  const drifted = proof.agrees || number < proof.number; // each step has been proven by itself
  return say(words, drifted ? "recorded.tensor.drifted" : "recorded.tensor.disagrees", blanks);
}

/** An element in both runs, each number in a row of its own. @returns {[name: string, number: string][]} */
export function rowsOf(words, { recorded, own, difference, allowed = null, apart = 0, places = SINGLE }) {
  /** @type {[name: string, number: string][]} */
  const rows = [
    [say(words, "recorded.recorded"), precise(recorded, places)],
    [say(words, "recorded.own"), precise(own, places)],
    [say(words, "recorded.difference"), precise(difference, FEW)],
  ];
  if (apart) rows.push([say(words, "recorded.apart"), precise(-apart, FEW)]);
  if (allowed !== null) rows.push([say(words, "recorded.allowed"), `± ${brief(allowed)}`]);
  return rows;
}

/** The title of an element: the one that is off most, or the one that is chosen. */
export const titleOf = (words, tensor, index, isWorst) =>
  say(words, isWorst ? "recorded.worst" : "recorded.chosen", { element: cellName(tensor, index) });
