// The verdict in a sentence: how sure the answer is, or why there is none.

import { isUntrained } from "../experiment.js";
import { brief, count, hundredths } from "../numbers.js";
import { say } from "../words.js";

const percent = (share) => count(Math.round(100 * share));

/** The numbers of a doubt as its sentence has them. */
function told({ share, value, other_value: otherValue, times, ...rest }) {
  return { ...rest, share: share === undefined ? "" : percent(share), value: hundredths(value), other_value: hundredths(otherValue), times: brief(times) };
}

/** What to say of the reading of a state. */
export function verdict(state) {
  const { words, reading } = state;
  if (!reading) return say(words, "pad.empty");
  const { doubt, best } = reading.facts;
  if (isUntrained(state)) return say(words, "pad.untrained");
  if (doubt) return say(words, `pad.doubt.${doubt.reason}`, told(doubt));
  return say(words, "pad.at", { digit: best, value: hundredths(reading.output[best]) });
}
