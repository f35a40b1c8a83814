// What the form says besides: what the shapes leave open, which arrays are left out and why, how the inputs come.

import { make } from "../base/dom.js";
import { say } from "../base/words.js";

/** @import { Stored } from "./arrays.js" */

const NOWHERE = "unplaced"; // the reason of an array that a person has taken out of its layer

/** What a person has to decide, as the shapes do not. @param {Record<string, string>} words @param {string[]} undecided */
export const undecidedOf = (words, undecided) =>
  undecided.map((each) => make("p", { className: "weights-open", textContent: say(words, `weights.open.${each}`) }));

/**
 * The arrays that are in no layer, each with its shape and the reason, where the server knows one.
 *
 * @param {Record<string, string>} words
 * @param {Stored[]} unused
 * @param {Record<string, string>} why
 */
export function leftOutOf(words, unused, why) {
  const items = unused.map(({ name, shape }) => {
    const sides = shape.join(" × ") || "1";
    const reason = why[name] ?? NOWHERE;
    const said = say(words, "weights.array", { name, shape: sides });
    return make("li", { textContent: say(words, "explained", { said, why: say(words, `weights.why.${reason}`) }) });
  });
  const summary = say(words, "weights.left_out", { count: unused.length });
  return items.length
    ? [make("details", {}, make("summary", { textContent: summary }), make("ul", {}, ...items))]
    : [make("p", { className: "quiet", textContent: say(words, "weights.left_out.none") })];
}

/** How the inputs of a data set come to the network. @param {Record<string, string>} words @param {string} looks */
export function inputsOf(words, looks) {
  const kind = looks === "picture" ? looks : "numbers";
  return make("p", { className: "quiet", textContent: say(words, `weights.inputs.${kind}`) });
}
