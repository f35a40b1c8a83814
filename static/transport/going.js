// Where a run is on its way to, in words: a far moment, or a goal; and how the way to a goal has ended.

import { count, exact } from "../base/numbers.js";
import { segmentAt } from "../base/time.js";
import { say } from "../base/words.js";

/** A goal as it is called in a sentence. */
function goalText(words, { what, value, of }) {
  const set = say(words, `run_to.of.${of}`);
  return say(words, `run_to.goal.${what}`, { value: Number.isInteger(value) ? count(value) : exact(value), set });
}

/**
 * What is said of the way: {text, share, stops}, of which `share` is how much of it is done, or null where it has ended, and
 * `stops` whether it can be stopped; null where there is nothing to say.
 *
 * @param {any} state
 */
export function goingOf({ words, listing, moment, wanted, runTo, trouble }) {
  const blanks = runTo && { goal: goalText(words, runTo), within: count(runTo.within) };
  if (runTo?.end) {
    const stays = moment.t === runTo.at || (runTo.end === "diverged" && moment.t + 1 === trouble?.t); // before NaN
    return stays ? { text: say(words, `run_to.${runTo.end}`, blanks), share: null } : null;
  }
  if (wanted === null) return null;
  const goal = runTo?.t === wanted;
  if (!goal && Math.abs(wanted - moment.t) <= segmentAt(listing, moment.t).program.length) return null;
  const text = goal ? say(words, "run_to.running", blanks) : say(words, "going", { t: count(wanted) });
  const from = goal ? runTo.from : 0;
  return { text, share: goal && wanted > from ? (moment.t - from) / (wanted - from) : null, stops: true };
}
