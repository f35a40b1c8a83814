// Standardization as an equation, and in the numbers of one row: mean and deviation are the training examples'.

import { make } from "../base/dom.js";
import { brief, count } from "../base/numbers.js";
import { say } from "../base/words.js";

const SHOWN = 8; // columns
const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @type {(tag: string, ...children: (Node | string)[]) => Element} */
function math(tag, ...children) {
  const made = document.createElementNS(MATHML, tag);
  made.append(...children);
  return made;
}

const symbol = (/** @type {string} */ text) => math("mi", text);
const sign = (/** @type {string} */ text) => math("mo", text);
const over = (above, below) => math("mfrac", above, below);

/** z = (x − mean) / standard deviation. */
function formula(words) {
  const [mean, deviation] = ["own.mean", "own.deviation"].map((name) => math("mtext", say(words, name)));
  return math("math", symbol("z"), sign("="), over(math("mrow", symbol("x"), sign("−"), mean), deviation));
}

/** (5.1 − 5.84) / 0.83 = −0.89: the standardized number of a row. */
function worked({ value, mean, deviation, standardized }) {
  const number = (/** @type {number} */ given) => math("mn", brief(given));
  const above = math(
    "mrow",
    number(value),
    sign("−"),
    mean < 0 ? math("mrow", sign("("), number(mean), sign(")")) : number(mean),
  ); // prettier-ignore
  return math("math", over(above, number(deviation)), sign("="), number(standardized));
}

/** The standardized numbers of a row, a line for each column. */
const listOf = (columns) =>
  make("ul", {}, ...columns.map((each) => make("li", {}, make("span", { textContent: each.name }), worked(each))));

/** The equation with its numbers, of many columns those of the first. `columns` are {name, mean, deviation, row, value, standardized}. */
export function equationOf(words, columns) {
  const says = say(words, "own.standardize.says", { row: count(columns[0].row) });
  const [first, rest] = [columns.slice(0, SHOWN), columns.slice(SHOWN)];
  const more = make("summary", { textContent: say(words, "own.standardize.more", { more: count(rest.length) }) });
  return make(
    "div",
    { className: "own-equation" },
    formula(words),
    make("p", { className: "quiet", textContent: says }),
    listOf(first),
    ...(rest.length ? [make("details", {}, more, listOf(rest))] : []),
  );
}
