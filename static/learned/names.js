// Names of the predicted examples: their kind, and their classes.

import { say } from "../base/words.js";

/** What the examples of a run look like: "pictures", "points" on the plane, or "values" to be met. */
export function looksOf({ kind, looks }) {
  if (kind !== "classes") return "values";
  return looks === "picture" ? "pictures" : "points";
}

/** A class as it is called in a sentence; an answer below 0 is no class. */
export function className(words, listing, label) {
  if (label < 0) return "NaN";
  return listing.classes[label] ?? say(words, "learned.class", { label });
}

/** "4 read as 9", or "class 0 taken for class 1". */
export function readAs(words, listing, { label, answer }) {
  return say(words, `learned.read.${looksOf(listing)}`, {
    label: className(words, listing, label),
    answer: className(words, listing, answer),
  });
}
