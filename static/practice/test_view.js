// A test as it is shown: before it begins, its items, and at its end the score, the reasons and what was learned.

import { make, refill } from "../base/dom.js";
import { percent, say } from "../base/words.js";
import { brief } from "../base/numbers.js";
import { predictionOf } from "../lessons/prediction.js";
import { answerText, textOf } from "../lessons/prediction_text.js";
import { gainOf, scoreOf } from "./gain.js";
import { button, filesButton, line } from "./parts.js";

/** The field for a name, which may stay empty; `changed`, where it is given, hears of another one. */
function nameField(words, value, changed = null) {
  const input = make("input", { type: "text", maxLength: 80, value, autocomplete: "off" });
  input.dataset.key = "name";
  input.addEventListener("input", () => changed?.(input.value));
  const label = make("label", { className: "practice-name" }, say(words, "practice.name"), input);
  return { input, label };
}

/** What is said before a test begins. */
function beginning(words, { name, count }, acts) {
  const field = nameField(words, name);
  const begin = () => acts.begin(field.input.value);
  return {
    parts: [line(words, "practice.test.says", { count }), line(words, "practice.test.held", {}, "quiet"), field.label],
    foot: [button(words, "practice.test.begin", begin, { className: "primary", key: "on" })],
  };
}

/** An item that is asked, and the way on. */
function asking(store, { asked, begun, count, away }, acts) {
  const { words } = store.get();
  const { step } = asked;
  const isLast = step === count - 1;
  const open = begun.answers.filter((answer) => answer === null).length;
  const waits = (isLast ? open : begun.answers[step] === null) ? "primary waits" : "primary";
  const where = say(words, "practice.test.where", { step: step + 1, count });
  const on = isLast
    ? button(words, "practice.test.finish", acts.finish, { className: waits, key: "on" })
    : button(words, "practice.test.next", () => acts.go(step + 1), { className: waits, key: "on" });
  const previous = button(words, "practice.test.previous", () => acts.go(step - 1));
  const back = button(words, "practice.restore", acts.restore, { className: "quiet-button" });
  const missing =
    isLast && open ? [make("small", { textContent: say(words, "practice.test.open", { count: open }) })] : [];
  return {
    parts: [
      make("progress", { max: count, value: step + 1, ariaLabel: where }),
      predictionOf({ store, ...asked }, { ...acts, reveal: null }),
    ],
    foot: [...(step ? [previous] : []), ...(away ? [back] : []), ...missing, on],
  };
}

/** What came of an item, with its reason once that is there. */
function itemOf(words, { kind, right }, told, i, look) {
  const sign = make("span", { ariaHidden: "true", textContent: right ? "✓" : "○" });
  const verdict = say(words, right ? "practice.item.right" : "practice.item.wrong");
  const summary = make(
    "summary",
    {},
    sign,
    ` ${say(words, `prediction.${kind}`)} `,
    make("small", { textContent: verdict }),
  );
  summary.dataset.key = `item ${i}`;
  if (!told) return make("details", { className: "practice-item" }, summary);
  const { found, revealed, answer } = told;
  const key = answerText(words, found, revealed.key);
  const verdictName = right ? "right" : "wrong";
  const said =
    answer === null
      ? say(words, "practice.item.none", { key })
      : say(words, `lesson.verdict.${verdictName}`, { key, answer: answerText(words, found, answer) });
  return make(
    "details",
    { className: right ? "practice-item" : "practice-item wrong" },
    summary,
    make("p", { className: "lesson-asks", textContent: textOf(words, found.asks) }),
    make("p", {}, make("b", { textContent: said }), ` ${textOf(words, revealed.why)}`),
    button(words, "practice.item.look", () => look(told), { className: "quiet-button", key: `look ${i}` }),
  );
}

/** What was learned between the two tests, with its formula. */
function gainText(words, { before, after }) {
  const [was, is, count] = [scoreOf(before), scoreOf(after), before.items.length];
  const gain = gainOf(was, is, count);
  const numbers = { before: was, after: is, count };
  if (gain === null) return [line(words, "practice.gain.full", numbers)];
  const written = brief(gain);
  const sense = gain > 0 ? "more" : gain < 0 ? "less" : "same";
  return [
    line(words, "practice.gain", { ...numbers, wrong: count - was, gain: written }, "practice-gain"),
    line(words, `practice.gain.${sense}`, { share: percent(words, Math.abs(gain), 0), wrong: count - was }),
  ];
}

/** The end of a test. */
function ending(words, test, state, acts) {
  const { result, results, reasons, count, refused } = state;
  const other = test === "before" ? "after" : "before";
  const field = nameField(words, result.name, acts.name);
  const items = result.items.map((item, i) => itemOf(words, item, reasons[i], i, acts.look));
  const score = say(words, "practice.test.score", { right: scoreOf(result), count });
  const gain = results[other] ? gainText(words, results) : [line(words, `practice.gain.needs_${other}`, {}, "quiet")];
  const parts = [
    make("p", { className: "practice-result", role: "status", textContent: score }),
    make("section", { className: "practice-learned", ariaLabel: say(words, "practice.gain.label") }, ...gain),
    ...(refused
      ? [make("p", { className: "refused", role: "alert", textContent: say(words, refused.word, refused) })]
      : []),
    make(
      "div",
      { className: "practice-row" },
      ...filesButton(words, `practice.gain.open_${other}`, acts.take),
      button(words, `practice.test.${other}`, () => acts.room(other)),
    ),
    field.label,
    make(
      "div",
      { className: "practice-row" },
      button(words, "practice.test.save", acts.save, { className: "primary" }),
      button(words, "practice.test.again", acts.again, { className: "quiet-button" }),
    ),
    make("div", { className: "practice-items" }, ...items),
  ];
  return { parts, foot: [] };
}

/** Set up the view; `acts` are what its buttons do. Returns {root, heading, show(state)}. */
export function createTestView(store, test, acts) {
  const head = make("div", { className: "lesson-head" });
  const heading = make("h2", { tabIndex: -1 });
  const body = make("div", { className: "practice-test" });
  const leave = make("div", { className: "lesson-leave" });
  const foot = make("div", { className: "lesson-buttons" });
  const told = make("p", { className: "unseen", role: "status" });
  const root = make("article", {}, head, heading, body, leave, foot, told);

  return {
    root,
    heading,
    show(state) {
      const { words } = store.get();
      const { asked, result, count } = state;
      const where = asked && !result ? say(words, "practice.test.where", { step: asked.step + 1, count }) : "";
      refill(
        head,
        make("span", { textContent: say(words, where ? `practice.test.${test}` : "practice") }),
        make("span", { textContent: where }),
      );
      heading.textContent = say(words, asked?.found ? `prediction.${asked.found.kind}` : `practice.test.${test}`);
      const opened = [...body.querySelectorAll("details")].map(({ open }) => open);
      const shown = result
        ? ending(words, test, state, acts)
        : asked
          ? asking(store, state, acts)
          : beginning(words, state, acts);
      refill(body, ...shown.parts);
      refill(foot, ...shown.foot);
      foot.hidden = !shown.foot.length;
      told.textContent =
        asked?.found && !result
          ? say(words, "practice.test.told", { step: asked.step + 1, count, title: textOf(words, asked.found.asks) })
          : "";
      for (const [i, each] of [...body.querySelectorAll("details")].entries()) each.open = opened[i] ?? false;
      refill(
        leave,
        button(words, "practice.back", () => acts.room("questions"), { className: "quiet-button" }),
        button(words, "practice.leave", acts.leave, { className: "quiet-button" }),
      );
    },
  };
}
