// A prediction: the reader answers before the truth is shown, and then sees both, with the reason in numbers.

import { make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { say } from "../base/words.js";
import { lights } from "../tensor/linked_highlight.js";
import { cellName, parameterOf } from "../tensor/tensors.js";
import { answerText, comparedOf, nameOf, partsOf, textOf } from "./prediction_text.js";

const STEPS = 200; // of an amount's slider
const SHORT = 16; // letters of a choice that fits beside many others

/** An element that lights these cells, where their parameters are; itself where there are none. */
const lit = (element, store, cells) => {
  const placed = cells.map(({ tensor, index }) => ({ tensor: parameterOf(tensor) ?? tensor, index }));
  const known = placed.filter(({ tensor }) => store.get().listing?.tensors[tensor]);
  return known.length ? lights(element, store, known) : element;
};

const cellOf = (pair) => (pair ? [{ tensor: pair[0], index: pair[1] }] : []);

/** The choices as buttons, the one that is answered pressed; with the numbers that are compared, once these are shown. */
function choicesOf({ store, found, answer, revealed }, choose) {
  const { words } = store.get();
  const compared = revealed && comparedOf(found, revealed.line);
  const buttons = found.choices.map((choice, i) => {
    const button = make("button", { type: "button", textContent: textOf(words, choice) });
    button.ariaPressed = String(choice.name === answer);
    button.disabled = Boolean(revealed);
    if (compared) button.append(make("small", { textContent: compared[i] }));
    button.dataset.key = `choice ${choice.name}`;
    button.classList.toggle("true", revealed?.key === choice.name);
    button.addEventListener("click", () => choose(choice.name));
    return lit(button, store, cellOf(choice.element));
  });
  const long = buttons.some(({ textContent }) => textContent.length > SHORT);
  return make("div", { className: long ? "lesson-choices long" : "lesson-choices" }, ...buttons);
}

/** A bar whose length is a share of the whole, with what it is. */
function bar(share, name, text) {
  const made = make("div", { className: name }, make("i"), make("small", { textContent: text }));
  made.style.setProperty("--share", String(share));
  return made;
}

/** The length that is dragged, beside one to compare with and, once it is shown, the true one. */
function amountOf({ store, found, answer, revealed }, choose) {
  const { words } = store.get();
  const { low, high, given, element } = found.amount;
  const share = (value) => (Number(value) - low) / (high - low);
  const slider = make("input", { type: "range", min: low, max: high, step: (high - low) / STEPS });
  slider.value = String(answer ?? low);
  slider.ariaLabel = say(words, "lesson.amount");
  slider.disabled = Boolean(revealed);
  slider.dataset.key = "amount";
  const shown = make("span", { textContent: answer === null ? "—" : brief(Number(answer)) });
  const own = bar(share(answer ?? low), "own", say(words, "lesson.amount.own"));
  slider.addEventListener("input", () => {
    shown.textContent = brief(Number(slider.value));
    own.style.setProperty("--share", String(share(slider.value)));
    choose(Math.min(Number(slider.value), high), true); // its last step may be rounded up
  });
  slider.setAttribute("aria-valuetext", shown.textContent);
  const bars = make(
    "div",
    { className: "lesson-bars", ariaHidden: "true" },
    bar(share(given), "given", cellName(element[0], element[1])),
    own,
  );
  if (revealed) bars.append(bar(share(revealed.key), "true", say(words, "lesson.amount.true")));
  return make("div", { className: "lesson-amount" }, bars, slider, shown);
}

/** The terms of the reason in one line; each lights its cell. */
function lineOf(store, line) {
  const terms = partsOf(line).map((part) => {
    if (typeof part === "string") return part;
    const number = make("span", {
      className: "lesson-term",
      title: nameOf(part),
      textContent: brief(Number(part.value)),
    });
    return lit(number, store, part.tensor && part.index ? [{ tensor: part.tensor, index: part.index }] : []);
  });
  return make("p", { className: "lesson-line" }, ...terms);
}

/** What has come out: the truth beside the answer, the reason, and the way to all of it. */
function outcomeOf({ store, found, answer, revealed }, explain) {
  const { words } = store.get();
  const name = revealed.right === null ? "shown" : revealed.right ? "right" : "wrong";
  const blanks = { key: answerText(words, found, revealed.key), answer: answerText(words, found, answer ?? "") };
  const verdict = make("b", { className: name, textContent: say(words, `lesson.verdict.${name}`, blanks) });
  const why = make("button", { type: "button", className: "quiet-button", textContent: say(words, "lesson.explain") });
  why.dataset.key = "explain";
  why.addEventListener("click", explain);
  return [
    make("p", {}, verdict, ` ${textOf(words, revealed.why)}`),
    ...(comparedOf(found, revealed.line) ? [] : [lineOf(store, revealed.line)]),
    ...(revealed.select ? [why] : []),
  ];
}

/**
 * What a prediction shows: `asked` is {store, found, answer, revealed}, where `found` is the prediction, or what it waits for
 * as a word. `choose(answer, stays)` hears of an answer, `reveal()` is to show the truth, `explain()` all of the reason; where
 * there is no `reveal`, the truth cannot be shown here.
 */
export function predictionOf(asked, { choose, reveal, explain }) {
  const { store, found, revealed, waits, answer } = asked;
  const { words } = store.get();
  const group = make("div", {
    className: "lesson-prediction",
    role: "group",
    ariaLabel: say(words, "lesson.prediction"),
  });
  if (!found) {
    group.append(make("p", { className: "quiet", textContent: waits ?? say(words, "lesson.searching") }));
    return group;
  }
  const asks = make("p", { className: "lesson-asks", textContent: textOf(words, found.asks) });
  lit(asks, store, found.subject.flatMap(cellOf));
  group.append(asks, (found.form === "amount" ? amountOf : choicesOf)(asked, choose));
  if (revealed) {
    const outcome = make("div", { role: "status", tabIndex: -1 }, ...outcomeOf(asked, explain));
    outcome.dataset.key = "reveal"; // so that it has the focus of the button in whose place it comes
    group.append(outcome);
  } else if (reveal) {
    const show = make("button", { type: "button", className: "primary", textContent: say(words, "lesson.reveal") });
    show.dataset.key = "reveal";
    show.classList.toggle("waits", answer === null);
    show.addEventListener("click", reveal);
    group.append(show);
  }
  return group;
}
