// The room of practice in which predictions are asked without an end.

import { questionOf } from "../lessons/prediction_text.js";
import { besideOf } from "../lessons/progress.js";
import { keepLit } from "../lessons/watch.js";
import { read } from "../scene/fragment.js";
import { say } from "../base/words.js";
import { ofAnswers } from "./files.js";
import { scoreOf } from "./gain.js";
import { createQuestions } from "./questions.js";
import { createQuestionsView } from "./questions_view.js";

/** The tests, with how many were right of those that have been taken. */
function testsOf(tests, { results, begun }) {
  const known = Object.entries(tests).map(([name, { length: count }]) => {
    const right = results[name] ? scoreOf(results[name]) : null;
    return [name, { right, count, begun: Boolean(begun[name]) }];
  });
  return Object.fromEntries(known);
}

/** `tools` are the mount's, `shared` what the rooms of practice share. */
export function createPractising(tools, shared) {
  const { store } = tools;
  const { kinds, progress, kept, truth, offers, room, tell, leave, save } = shared;
  let isShown = false;
  let away = false; // whether what is asked is not at the moment that is shown

  const none = () => say(store.get().words, kept.get().concepts?.length === 0 ? "practice.choose" : "practice.none");
  const concepts = () => kinds().concepts;
  const questions = createQuestions(tools, { ...shared, concepts, changed, searched, none });

  /** Take predictions from another source, with the next one at once. */
  function take(source) {
    if (source === kept.get().source) return;
    kept.set({ source });
    questions.next();
  }

  /** Choose concepts; what is asked about another one is asked no more. */
  function choose(chosen) {
    kept.set({ concepts: chosen });
    const { found, revealed } = questions.current() ?? {};
    if (revealed || (found && (!chosen || chosen.includes(found.concept)))) changed();
    else questions.next();
  }

  const view = createQuestionsView(store, {
    room,
    leave,
    next: questions.next,
    restore: questions.show,
    explain: questions.explain,
    reveal: questions.reveal,
    choose(answer, stays) {
      questions.choose(answer);
      if (!stays) changed();
    },
    source: take,
    concepts: choose,
    concept(name, on) {
      const all = Object.keys(concepts());
      const chosen = kept.get().concepts ?? all;
      const next = all.filter((each) => (each === name ? on : chosen.includes(each)));
      choose(next.length === all.length ? null : next);
    },
    look: ({ step, scene }) => truth.openAt(read(scene, offers), besideOf(step)),
    save: () => save(ofAnswers(progress.answers(), new Date().toISOString())),
    clear() {
      progress.clear();
      changed();
    },
  });

  const light = keepLit(store, () => {
    const [tensor, index] = (isShown && questions.current()?.revealed?.select) || [];
    return tensor ? [{ tensor, index }] : [];
  });

  /** Say which concepts the run has nothing about. */
  function searched() {
    if (isShown) view.showConcepts(choices());
  }

  const choices = () => ({ ...kept.get(), all: concepts(), lacks: questions.lacks });

  function changed() {
    if (!isShown) return;
    const current = questions.current();
    away = questions.isAway();
    view.show({
      current,
      away,
      score: progress.score(),
      answers: Object.keys(progress.answers()).length,
      tests: testsOf(kinds().tests, kept.get()),
      ...choices(),
    });
    light();
    tell({ question: current && questionOf(current, store.get()) });
  }

  return {
    root: view.root,
    heading: view.heading,
    show() {
      isShown = true;
      if (questions.current()) changed();
      else questions.open();
    },
    /** The run has another moment, or is another. */
    moved() {
      if (!questions.current() && store.get().connected) questions.open();
      else if (away !== questions.isAway()) changed();
    },
    close() {
      isShown = false;
      store.set({ lit: [] });
      tell(null);
    },
  };
}
