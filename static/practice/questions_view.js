// Practice as it is shown: where predictions come from, the one that is asked, the score, and the way to the tests.

import { make, refill } from "../base/dom.js";
import { say } from "../base/words.js";
import { predictionOf } from "../lessons/prediction.js";
import { textOf } from "../lessons/prediction_text.js";
import { showScore } from "../lessons/score.js";
import { button, line } from "./parts.js";

const SOURCES = ["here", "others"];

/** Where predictions come from: this run, or others. */
function sourcesOf(words, { source }, acts) {
  const buttons = SOURCES.map((name) => {
    const made = button(words, `practice.source.${name}`, () => acts.source(name));
    made.ariaPressed = String(name === source);
    made.title = say(words, `practice.source.${name}.hint`);
    return made;
  });
  return make(
    "div",
    { className: "practice-sources", role: "group", ariaLabel: say(words, "practice.source") },
    ...buttons,
  );
}

/** A concept to choose, with what is the matter where this run has nothing about it. */
function conceptOf(words, name, { chosen, lacks }, acts) {
  const box = make("input", { type: "checkbox", checked: chosen });
  box.dataset.key = `concept ${name}`;
  box.addEventListener("change", () => acts.concept(name, box.checked));
  const not = lacks ? [make("small", { textContent: say(words, "practice.concept.not_here") })] : [];
  return make("li", {}, make("label", {}, box, make("span", {}, say(words, `concept.${name}`), " ", ...not)));
}

/** The concepts to choose from, and how they are chosen from. */
function conceptsOf(words, { concepts, all, lacks }, acts) {
  const names = Object.keys(all);
  const chosen = concepts ?? names;
  const items = names.map((name) =>
    conceptOf(words, name, { chosen: chosen.includes(name), lacks: lacks(all[name]) }, acts),
  );
  const count = names.filter((name) => chosen.includes(name)).length;
  return [
    say(words, "practice.concepts", { count, of: names.length }),
    make("ul", { className: "practice-concepts" }, ...items),
    make(
      "div",
      { className: "practice-row" },
      button(words, "practice.concepts.all", () => acts.concepts(null), { className: "quiet-button" }),
      button(words, "practice.concepts.none", () => acts.concepts([]), { className: "quiet-button" }),
    ),
    line(words, "practice.chosen", {}, "quiet"),
  ];
}

/** The tests, with what has come of them, and the results of a class. */
function testsOf(words, { tests }, acts) {
  const buttons = Object.entries(tests).map(([name, { right, count, begun }]) => {
    const state = right === null ? (begun ? "begun" : "new") : "done";
    const made = button(words, `practice.test.${name}`, () => acts.room(name), { key: `test ${name}` });
    return make(
      "div",
      { className: "practice-row" },
      made,
      make("small", { textContent: say(words, `practice.test.${state}`, { right, count }) }),
    );
  });
  return [
    line(words, "practice.tests.says", {}, "quiet"),
    ...buttons,
    make(
      "div",
      { className: "practice-row" },
      button(words, "practice.class", () => acts.room("class")),
    ),
  ];
}

/** A part that opens: its summary is filled with the rest. */
function opening(className) {
  const summary = make("summary");
  const rest = make("div");
  const root = make("details", { className }, summary, rest);
  return {
    root,
    fill(text, ...parts) {
      if (summary.textContent !== text) summary.textContent = text;
      refill(rest, ...parts);
    },
  };
}

/** What is done with all answers: saved, or cleared, which is asked once more. */
function createKeeping(root, acts) {
  let asks = false;
  return function show(words, count) {
    root.hidden = !count;
    const put = (next) => {
      asks = next;
      show(words, count);
    };
    const clear = () => {
      asks = false;
      acts.clear();
    };
    refill(
      root,
      ...(asks
        ? [
            line(words, "practice.clear.sure", { count }),
            button(words, "practice.clear.yes", clear, { className: "quiet-button", key: "practice.clear" }),
            button(words, "practice.clear.no", () => put(false), { className: "quiet-button" }),
          ]
        : [
            button(words, "practice.export", acts.save, { className: "quiet-button" }),
            button(words, "practice.clear", () => put(true), { className: "quiet-button" }),
          ]),
    );
  };
}

/**
 * Set up the view; `acts` are what its buttons do. Returns {root, heading, show(state), showConcepts(state)}, where the state is {current, away, score,
 * concepts, all, lacks, source, tests, answers}.
 */
export function createQuestionsView(store, acts) {
  const head = make("div", { className: "lesson-head" });
  const heading = make("h2", { tabIndex: -1 });
  const [sources, asked, keeping] = ["", "", "practice-row practice-keeping"].map((className) =>
    make("div", { className }),
  );
  const score = make("div", { className: "lesson-score practice-score", role: "status" });
  const [concepts, tests] = [opening("practice-part"), opening("practice-part")];
  const leave = make("div", { className: "lesson-leave" });
  const buttons = make("div", { className: "lesson-buttons" });
  const told = make("p", { className: "unseen", role: "status" });
  const root = make(
    "article",
    {},
    head,
    heading,
    sources,
    asked,
    score,
    keeping,
    concepts.root,
    tests.root,
    leave,
    buttons,
    told,
  );
  const showKeeping = createKeeping(keeping, acts);
  const showConcepts = (state) => concepts.fill(...conceptsOf(store.get().words, state, acts));

  return {
    root,
    heading,
    showConcepts,
    show(state) {
      const { words } = store.get();
      const { current, away } = state;
      const { found, revealed } = current ?? {};
      refill(
        head,
        make("span", { textContent: say(words, "practice") }),
        make("span", { textContent: say(words, "practice.given", { count: state.answers }) }),
      );
      if (found && !revealed) told.textContent = textOf(words, found.asks);
      heading.textContent = say(words, found ? `prediction.${found.kind}` : "practice");
      refill(sources, sourcesOf(words, state, acts));
      refill(
        asked,
        ...(current ? [predictionOf({ store, ...current }, acts)] : [line(words, "practice.lost", {}, "quiet")]),
        ...(revealed
          ? [line(words, "practice.about", { concept: say(words, `concept.${found.concept}`) }, "quiet")]
          : []),
      );
      showScore(score, words, state.score, { look: acts.look, isWhole: false });
      showKeeping(words, state.answers);
      showConcepts(state);
      tests.fill(say(words, "practice.tests"), ...testsOf(words, state, acts));
      refill(leave, button(words, "practice.leave", acts.leave, { className: "quiet-button" }));
      const next = button(words, "practice.next", acts.next, { className: revealed ? "primary" : "primary waits" });
      const back = button(words, "practice.restore", acts.restore, { className: "quiet-button" });
      refill(buttons, ...(away ? [back] : []), next);
    },
  };
}
