// A lesson beside the stage: heading, prose, what is to be done, what is predicted, the buttons, and the score.

import { make, refill } from "../base/dom.js";
import { apply, say } from "../base/words.js";
import { named } from "../writing/chosen.js";
import { isMet } from "./conditions.js";
import { faultText } from "./list.js";
import { predictionOf } from "./prediction.js";
import { blocksOf, built, fill } from "./prose.js";
import { showScore } from "./score.js";

/** A condition in words, where the lesson has none for it. */
const conditionText = (words, condition) => {
  const [[name, value]] = Object.entries(condition);
  return say(words, `lesson.until.${name}`, { expression: value.tensor ? named(value) : String(value) });
};

const hasNotes = (step) => step.notes?.length > 0;

/** What is to be done, ticked once it is. */
function taskOf({ store, step }) {
  const { words } = store.get();
  const text = step.task
    ? built(step.task, { store })
    : [step.until.map((each) => conditionText(words, each)).join(" ")];
  const tick = make("span", { className: "done", ariaHidden: "true" });
  return make("p", { className: "lesson-task" }, tick, make("span", {}, ...text));
}

/** What a lesson is made of, empty. `acts` are what its buttons do. */
function createParts(acts) {
  const button = (name, act, className = "") => {
    const made = make("button", { type: "button", className });
    made.dataset.word = name;
    made.addEventListener("click", act);
    return made;
  };
  const title = make("span");
  const where = make("span");
  const bar = make("progress", { max: 1 });
  const heading = make("h2", { tabIndex: -1 });
  const [body, task, prediction, notes] = ["lesson-body", "lesson-doing", "lesson-asked", "lesson-notes"].map(
    (className) => make("div", { className }),
  );
  const next = button("lesson.next", () => acts.turn(1), "primary");
  next.dataset.hint = "lesson.next.hint";
  const previous = button("lesson.previous", () => acts.turn(-1));
  previous.dataset.hint = "lesson.previous.hint";
  const restore = button("lesson.restore", acts.restore, "quiet-button");
  const speaker = button("lesson.notes", acts.notes, "quiet-button");
  speaker.dataset.hint = "lesson.notes.hint";
  const edit = button("writing.copy", acts.edit, "quiet-button");
  const without = make("small");
  const score = make("div", { className: "lesson-score", role: "status" });
  const told = make("p", { className: "unseen", role: "status" });
  const article = make(
    "article",
    {},
    make("div", { className: "lesson-head" }, title, where),
    bar,
    heading,
    body,
    task,
    prediction,
    notes,
    score,
    make(
      "div",
      { className: "lesson-leave" },
      restore,
      edit,
      speaker,
      button("lesson.leave", acts.leave, "quiet-button"),
    ),
    make("div", { className: "lesson-buttons" }, previous, without, next),
    told,
  );
  return {
    article,
    title,
    where,
    bar,
    heading,
    body,
    task,
    prediction,
    next,
    previous,
    restore,
    edit,
    without,
    notes,
    speaker,
    score,
    told,
  };
}

/**
 * Set up the view in `root`. `acts` are what the buttons do: {turn(by), notes(), leave(), restore(), edit(), look(wrong),
 * choose, reveal, explain}. Returns {show, refresh}.
 */
export function createView(root, store, acts) {
  let shown = null; // {lesson, place, order, step, begin, met, asked}
  const parts = createParts(acts);
  const { article, title, where, bar, heading, body, task, prediction, notes } = parts;
  const { next, previous, restore, edit, without, score, told } = parts;

  /** Whether all is done that the step asks for. */
  const isDone = () => shown.met.every(Boolean) && (!shown.step.predict || Boolean(shown.asked?.revealed));

  function showDone() {
    const { words } = store.get();
    const open = isDone();
    next.classList.toggle("waits", !open);
    without.textContent = open ? "" : say(words, "lesson.without");
    without.hidden = open || next.hidden;
    for (const each of task.children) each.classList.toggle("met", shown.met.every(Boolean));
    const tick = task.querySelector(".done");
    if (tick) tick.textContent = shown.met.every(Boolean) ? "✓" : "○";
  }

  /** Show the heading and the prose; where only questions are asked, once the answer is known. */
  function showProse() {
    const { words, questionsAlone } = store.get();
    const { step, asked, place, order } = shown;
    const isSecret = questionsAlone && step.predict !== null && !asked?.revealed;
    const number = order.indexOf(place.step) + 1;
    heading.textContent = isSecret ? say(words, "lesson.question", { number, count: order.length }) : step.title;
    body.hidden = task.hidden = isSecret;
  }

  function showPrediction() {
    showProse();
    refill(prediction, ...(shown.asked ? [predictionOf({ store, ...shown.asked }, acts)] : []));
    const isWhole = shown.place.step === shown.order.at(-1);
    showScore(score, store.get().words, acts.score(), { look: acts.look, isWhole });
    showDone();
  }

  /** Look at the conditions again; what has been met once stays so. */
  function refresh(values) {
    if (!shown) return;
    const state = store.get();
    fill(article, values, state.words);
    shown.met = shown.step.until.map((each, i) => shown.met[i] || isMet(each, state, shown.begin, values));
    showDone();
  }

  return {
    showPrediction(asked) {
      shown.asked = asked;
      showPrediction();
    },
    refresh,
    /** Show a step; `begin` is how it was when the step was opened. */
    show({ lesson, place, order, begin, met, asked, fresh }) {
      const { words } = store.get();
      const step = lesson.steps[place.step - 1];
      shown = { lesson, place, order, step, begin, met: met ?? step.until.map(() => false), asked };
      if (article.parentElement !== root) root.replaceChildren(article);
      article.lang = lesson.language ?? "";
      const isFile = lesson.source !== undefined;
      edit.dataset.word = lesson.draft ? "writing.back" : isFile ? "writing.edit" : "writing.copy";
      edit.classList.toggle("lesson-back", Boolean(lesson.draft));
      const [number, count] = [order.indexOf(place.step) + 1, order.length];
      title.textContent = lesson.title;
      where.textContent = say(words, "lesson.where", { step: number, count });
      Object.assign(bar, { value: number / count, ariaLabel: where.textContent });
      body.replaceChildren(...blocksOf(step.body, { store }));
      task.replaceChildren(...(step.until.length ? [taskOf({ store, step })] : []));
      notes.replaceChildren(
        ...lesson.faults.map((fault) =>
          make("p", { className: "refused", textContent: faultText(words, lesson.file ?? lesson.name, fault) }),
        ),
      );
      apply(words, article);
      previous.hidden = number === 1;
      next.hidden = number === count;
      restore.hidden = !acts.canRestore(place);
      parts.speaker.hidden = !acts.notes || !lesson.steps.some(hasNotes);
      showPrediction();
      const said = say(words, "lesson.told", { step: number, count, title: heading.textContent });
      if (fresh) told.textContent = said;
      root.scrollTop = fresh ? 0 : root.scrollTop;
    },
    forget() {
      shown = null;
    },
    met: () => shown?.met,
  };
}
