// A chart in words: what stands above that of the loss, how good the network is, and what every chart is called.

import { make } from "../base/dom.js";
import { brief, count } from "../base/numbers.js";
import { percent, say } from "../base/words.js";

/** The loss of a split in words, and its accuracy, which stands out; null for none. */
export function splitText(words, split, { loss, accuracy, of }) {
  const text = say(words, of ? `summary.${split}` : `summary.${split}.none`, { loss: brief(loss) });
  if (accuracy === null) return [text, null];
  return [text, say(words, "summary.accuracy", { accuracy: percent(words, accuracy) })];
}

/** The elements of the summary. */
export function evaluationSummary({ evaluation, words, listing }) {
  if (!evaluation || !listing) return [];
  const parts = ["training", "held_out"].map((split) => {
    const [text, accuracy] = splitText(words, split, evaluation[split]);
    return make("span", {}, text, ...(accuracy === null ? [] : [" · ", make("b", {}, accuracy)]));
  });
  const { examples, of } = evaluation.held_out;
  const sample = examples < of ? [make("small", {}, say(words, "summary.sample", { examples: count(examples) }))] : [];
  return [...parts, ...sample];
}

/** A chart in words for those who do not see it: its name, and of each line where it begins, ends and goes between. */
export function described(words, name, lines) {
  const told = lines.flatMap(({ name: line, y }) => {
    const values = y.filter((value) => value !== null);
    const [first, last, least, most] = [values[0], values.at(-1), Math.min(...values), Math.max(...values)].map(brief);
    return values.length ? [say(words, "chart.line", { line, first, last, least, most })] : [];
  });
  return [say(words, `chart.${name}`), ...told].join(". ");
}
