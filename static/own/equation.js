// Standardization as an equation, and in the numbers of one row: mean and deviation are the training examples'.

import { make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { say } from "../base/words.js";

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

/** The equation with its numbers. `columns` are {name, mean, deviation, row, value, standardized}. */
export function equationOf(words, columns) {
  const lines = columns.map((each) => make("li", {}, make("span", { textContent: each.name }), worked(each)));
  const says = say(words, "own.standardize.says", { row: columns[0].row });
  return make(
    "div",
    { className: "own-equation" },
    formula(words),
    make("p", { className: "quiet", textContent: says }),
    make("ul", {}, ...lines),
  ); // prettier-ignore
}
