// The verdict in a sentence: how sure the answer is, or why there is none.

import { isUntrained } from "../setup/experiment.js";
import { alike, brief, count } from "../base/numbers.js";
import { say } from "../base/words.js";

const percent = (share) => count(Math.round(100 * share));

/** The numbers of a rejection as its sentence has them. */
function told({ share, value, other_value: otherValue, times, ...rest }) {
  const [text, otherText] = alike([value, otherValue]);
  return {
    ...rest,
    share: share === undefined ? "" : percent(share),
    value: text,
    other_value: otherText,
    times: brief(times),
  };
}

/** How the pad speaks of a reading, in all its parts: "untrained", "unsure" or "sure". */
export const voiceOf = (state) =>
  isUntrained(state) ? "untrained" : state.reading.facts.rejection ? "unsure" : "sure";

/** What the answer is worth. */
function worth(state) {
  const {
    words,
    reading: {
      facts: { rejection, best },
      output,
    },
  } = state;
  const voice = voiceOf(state);
  if (voice === "untrained") return say(words, "pad.untrained");
  if (voice === "unsure") return say(words, `pad.rejection.${rejection.reason}`, told(rejection));
  return say(words, "pad.at", { digit: best, value: alike(output)[best] });
}

/** The verdict on a reading, and the label of a picture that has one. */
export function verdict(state) {
  const { words, reading, drawing } = state;
  if (!reading) return say(words, "pad.empty");
  const label = drawing?.label ?? null;
  return label === null ? worth(state) : `${worth(state)} ${say(words, "pad.labelled", { label })}`;
}
