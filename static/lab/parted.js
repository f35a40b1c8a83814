// Where lanes part, in a sentence.

import { count, exact } from "../base/numbers.js";
import { say } from "../base/words.js";
import { FIRST_LANE } from "./names.js";

/** The shape of a tensor, or that it is not there. */
const shapeOf = (words, shape) => (shape ? shape.join(" × ") || "1" : say(words, "lane.parted.none"));

/**
 * Where a lane and lane A part, or that they have not; "" where that is not known. `parting` is what has been found:
 * {found, same}.
 */
export function partedText(words, name, parting) {
  if (!parting) return "";
  const blanks = { one: FIRST_LANE, other: name };
  const { found, same } = parting;
  if (!found) return say(words, same ? "lane.parted.same" : "lane.parted.not_yet", blanks);
  const { training_step: step, tensor, index, values, shapes } = found;
  const [its, first] = values ?? shapes.map((shape) => shapeOf(words, shape));
  const word = found.t.some((t) => t > 0) ? "lane.parted" : "lane.parted.start";
  return say(words, word, {
    ...blanks,
    step: count(step),
    element: index?.length ? `${tensor}[${index}]` : tensor,
    value: values ? exact(Number(first)) : first,
    its: values ? exact(Number(its)) : its,
  });
}
