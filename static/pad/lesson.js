// A lesson in words: how drawings are taught, and what is said of it.

import { count } from "../base/numbers.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";
import { isUntrained } from "../setup/experiment.js";

/** How drawings are taught: not at all, mixed into the mini-batches, or alone. */
export const modeOf = (taught) => (taught ? (taught.drawings.share === 1 ? "alone" : "mixed") : "off");

/** What a lesson teaches, one drawing's digit or how many drawings, and since which training step. */
function lessonText(words, listing, taught) {
  const { labels } = taught.drawings;
  const since = count(Math.ceil(stepsAt(listing, taught.begin)));
  const name = `teach.${modeOf(taught)}.${labels.length === 1 ? "one" : "several"}`;
  return say(words, name, { label: labels[0], count: count(labels.length), step: since });
}

/** The status of teaching: the lesson under way, or what is missing for one. `pupils` are the drawings to teach, `all` of a collection. */
export function statusOf({ words, listing, moment, drawing }, taught, pupils, all) {
  if (taught) return lessonText(words, listing, taught);
  if (!pupils.length) return say(words, all ? "teach.own.empty" : drawing ? "teach.say" : "teach.draw");
  return say(words, isUntrained({ listing, moment }) ? "teach.untrained" : "teach.ready");
}

/** The digit that a drawing is: as a person has said of this very picture, {picture, label}, or as it came; null for neither. */
export function labelOf(drawing, said) {
  if (!drawing) return null;
  return said && said.picture.every((byte, k) => byte === drawing.picture[k]) ? said.label : drawing.label;
}
