// Why a condition has stopped the run: the sentence, the step before, the chain-rule terms of an element, and cures.

import { make } from "../base/dom.js";
import { brief, count, signed } from "../base/numbers.js";
import { say } from "../base/words.js";
import { cellName } from "../tensor/tensors.js";
import { sentenceOf } from "./told.js";

/** A button with a text and a hint. */
function button(text, act, hint = "") {
  const made = make("button", { type: "button", textContent: text, title: hint });
  made.addEventListener("click", act);
  return made;
}

/** The factors of a gradient, with their numbers, and what they come to. */
function factorsOf({ factors, product }) {
  const parts = factors
    .filter(({ kind }) => kind !== "one")
    .flatMap(({ formula, value }, place) => [
      ...(place ? [" × "] : []),
      make("span", { className: "symbol", innerHTML: formula }),
      ` = ${value === null ? "—" : brief(Number(value))}`,
    ]);
  return make("p", { className: "stop-terms" }, ...parts, ` → ${product === null ? "—" : signed(Number(product))}`);
}

/** The element in which the cause is seen best: its numbers, its chain-rule terms, and the way to the inspector. */
function elementOf(words, found, inspect) {
  const { tensor, index, terms, at, example } = found;
  if (!tensor) return [];
  const cell = cellName(tensor, index);
  const [value, gradient, update] = [found.value, found.gradient, found.update].map((each) =>
    each === null ? "—" : brief(Number(each)),
  );
  const numbers = say(words, "until.element", { cell, value, gradient, update, t: count(at) });
  return [
    make("p", { textContent: numbers }),
    ...(terms
      ? [make("p", { className: "quiet", textContent: say(words, "until.terms", { example }) }), factorsOf(terms)]
      : []),
    button(say(words, "until.why", { cell }), inspect, say(words, "until.why.hint")),
  ];
}

/**
 * The panel of a stop. `stopped` is {t, condition}, `found` the server's answer, or null while it has not come; `acts` go
 * to a moment (`go`), show an element in the inspector (`inspect`), and cure the run as a fork (`cure`).
 */
export function causeOf(words, { stopped, found, t }, { go, inspect, cure }) {
  const isBefore = t === stopped.t - 1;
  const head = say(words, "until.stopped", {
    t: count(stopped.t),
    name: say(words, `until.kind.${stopped.condition.name}`),
  });
  const parts = [
    make("b", { textContent: head }),
    ...(found ? [make("p", { textContent: sentenceOf(words, stopped.condition, found) })] : []),
    make(
      "div",
      { className: "stop-buttons" },
      isBefore
        ? button(say(words, "until.stop"), () => go(stopped.t), say(words, "until.stop.hint"))
        : button(say(words, "until.before"), () => go(stopped.t - 1), say(words, "until.before.hint")),
    ),
    ...(found ? elementOf(words, found, () => inspect(found)) : []),
  ];
  if (found?.remedies.length)
    parts.push(
      make("p", { className: "quiet", textContent: say(words, "until.cures") }),
      make(
        "div",
        { className: "stop-buttons" },
        ...found.remedies.map((remedy) =>
          button(say(words, `remedy.${remedy.name}`), () => cure(remedy), say(words, `remedy.${remedy.name}.hint`)),
        ),
      ),
    );
  return parts;
}
