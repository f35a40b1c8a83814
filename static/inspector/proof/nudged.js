// One parameter nudged to both sides: what C is there, the quotient beside the gradient, and what to make of it.

import { make } from "../../base/dom.js";
import { brief, full, precise, scale, hundredths } from "../../base/numbers.js";
import { say } from "../../base/words.js";

const NAMED = 3; // kinks
const [DIGITS, TOLD] = [12, 8]; // of C, which is the same in most of them, and of a gradient

/** The quotient in MathML, and the derivative beside it. */
const quotient = ({ C, w }) => {
  const side = (sign) =>
    `<mi>${C}</mi><mo stretchy="false">(</mo><mi>${w}</mi><mo>${sign}</mo><mi>h</mi><mo stretchy="false">)</mo>`;
  return `<math><mfrac displaystyle="true"><mrow>${side("+")}<mo>−</mo>${side("−")}</mrow><mrow><mn>2</mn><mi>h</mi></mrow></mfrac></math>`;
};
const derivative = ({ C, w }) =>
  `<math><mfrac displaystyle="true"><mrow><mo>∂</mo><mi>${C}</mi></mrow><mrow><mo>∂</mo><mi>${w}</mi></mrow></mfrac></math>`;

/** Two numbers, digit by digit, as elements: where both begin alike, that part is quiet. */
function apart(numbers) {
  const texts = numbers.map((number) => precise(number, DIGITS));
  const [one, other] = texts;
  const first = [...one].findIndex((digit, i) => digit !== other[i]);
  const same = first < 0 ? one.length : first;
  return texts.map((text, i) =>
    make(
      "dd",
      { className: "number", title: String(numbers[i]) },
      make("span", { className: "alike", textContent: text.slice(0, same) }),
      text.slice(same),
    ),
  );
}

function differences(words, { C, w }, { value, step, above, below }) {
  const [high, low] = apart([above, below]);
  const row = (symbol, meaning, number) => [
    make("dt", { textContent: symbol }),
    make("dd", { className: "meaning", textContent: meaning }),
    number,
  ];
  const plain = (text) => make("dd", { className: "number", textContent: text });
  return make(
    "dl",
    {},
    ...row(w, say(words, "proof.value"), plain(full(value))),
    ...row("h", say(words, "proof.step"), plain(scale(Number(step.toPrecision(3))))),
    ...row(`${C}(${w} + h)`, say(words, "proof.above"), high),
    ...row(`${C}(${w} − h)`, say(words, "proof.below"), low),
  );
}

function compared(words, letters, { numeric, analytic }) {
  const line = (formula, number, meaning) => [
    make("span", { className: "formula", innerHTML: formula }),
    make("span", { className: "sign", textContent: "=" }),
    make(
      "span",
      {},
      make("output", { className: "number", textContent: precise(number, TOLD), title: String(number) }),
      make("small", { textContent: meaning }),
    ),
  ];
  return make(
    "div",
    { className: "compared" },
    ...line(quotient(letters), numeric, say(words, "proof.numeric")),
    ...line(derivative(letters), analytic, say(words, "proof.analytic")),
  );
}

function sentence(words, { verdict, error, rounding }) {
  const says = verdict === null ? "none" : rounding ? "rounding" : verdict;
  return make("p", {
    className: `verdict ${verdict ?? ""}`,
    textContent: say(words, `proof.says.${says}`, { error: brief(error) }),
  });
}

function kinks(words, found) {
  const told = found
    .slice(0, NAMED)
    .map(({ of, place, example, ...where }) =>
      say(words, `proof.kink.${of}`, { ...where, place: hundredths(place), example: example + 1 }),
    );
  if (found.length > NAMED) told.push(say(words, "proof.kink.more", { count: found.length - NAMED }));
  return told.map((textContent) => make("p", { className: "quiet", textContent }));
}

/** The elements that tell of a row of the proof. `letters` are {C, w}: of what is minimized, and of the parameter. */
export function nudged(words, letters, row) {
  return [
    differences(words, letters, row),
    compared(words, letters, row),
    sentence(words, row),
    ...kinks(words, row.kinks),
  ];
}
