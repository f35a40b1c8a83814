// What stands above the chart: how good the network is, or what the chart shows.

import { make } from "../base/dom.js";
import { brief, count } from "../base/numbers.js";
import { say } from "../base/words.js";

/** The loss of a split in words, and its accuracy, which stands out; null for none. */
export function splitText(words, split, { loss, accuracy, of }) {
  const text = say(words, of ? `summary.${split}` : `summary.${split}.none`, { loss: brief(loss) });
  if (accuracy === null) return [text, null];
  return [text, say(words, "summary.accuracy", { accuracy: `${(100 * accuracy).toFixed(1)} %` })];
}

/** The elements of the summary. */
export function summaryOf({ evaluation, words, listing, chart }) {
  if (chart !== "loss") return [make("span", { textContent: say(words, `chart.${chart}.says`) })];
  if (!evaluation || !listing) return [];
  const parts = ["training", "held_out"].map((split) => {
    const [text, accuracy] = splitText(words, split, evaluation[split]);
    return make("span", {}, text, ...(accuracy === null ? [] : [" · ", make("b", {}, accuracy)]));
  });
  const { examples, of } = evaluation.held_out;
  const sample = examples < of ? [make("small", {}, say(words, "summary.sample", { examples: count(examples) }))] : [];
  return [...parts, ...sample];
}
