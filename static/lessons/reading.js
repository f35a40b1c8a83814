// The reading of a lesson: the step that is shown, what is asked in it, and what is remembered of it.

import { same } from "../scene/difference.js";
import { beginOf } from "./conditions.js";
import { linkOf } from "./place.js";
import { linked } from "./prose.js";
import { questionOf } from "./prediction_text.js";
import { rest } from "./rest.js";
import { createView } from "./view.js";
import { keepLit, watchValues } from "./watch.js";

const UNASKED = { answer: null, revealed: null, found: null, run: null };

/** Whether a prediction is still to be asked: not yet, or of a run that is no longer shown, and its truth is not shown. */
const isOpen = ({ found, revealed, run }, experiment) => !found || (found.here && !revealed && !same(run, experiment));

/** Tell what is read: for whoever reads the page by a script, and for the window with its notes. */
function tell(store, current) {
  const { lesson, place, order, step, visit, values = {} } = current ?? {};
  const question = step?.predict ? questionOf(visit.asked, store.get()) : null;
  store.set({
    lessonTold: current && { ...place, steps: lesson.steps.length, question },
    lessonRead: current && { lesson, place, order, values },
  });
}

/** Leave the lesson, with the focus where one opens another. */
function leaveLesson(all, store) {
  store.set({ lesson: null });
  all.querySelector("[data-control=lessons]").focus();
}

/** What is lit of a step: its own cells, and what the truth of its prediction is about. */
function lightOf(current) {
  const [tensor, index] = current?.visit.asked?.revealed?.select ?? [];
  return [...(current?.step.light ?? []), ...(tensor ? [{ tensor, index }] : [])];
}

/**
 * Set up the reading in `root`. `visitAt(link)` holds what has been done at a step: {begin, met, asked, scene}; `edit(lesson,
 * place)` has a lesson edited. Of a draft that is seen as its readers get it, nothing is remembered. Returns
 * {conduct, show(lesson, place, order), turn(by), close()}, where `order` has the numbers of the steps that are read.
 */
export function createReading(root, tools, { conductOf, progress, visitAt, edit }) {
  const { all, store, host, openNotes } = tools;
  let current = null; // {lesson, place, order, step, visit, values}
  const conduct = conductOf(() => current);
  const of = () => current?.step ?? null;

  function answered(visit) {
    if (current?.visit !== visit) return;
    view.showPrediction(visit.asked);
    lightAgain();
    tell(store, current);
  }

  /** Go so many steps on. */
  function turn(by) {
    const { place, order } = current ?? {};
    const step = current && order[order.indexOf(place.step) + by];
    return step && conduct.go(place.name, step);
  }

  const view = createView(root, store, {
    turn,
    notes: host.windows && openNotes,
    restore: () => conduct.restore(current),
    canRestore: ({ step }) => conduct.hasScene(current.lesson, step),
    edit: () => edit(current.lesson, current.place),
    leave: () => leaveLesson(all, store),
    score: progress.score,
    look: conduct.look,
    choose(answer, stays) {
      current.visit.asked.answer = answer;
      if (stays) tell(store, current);
      else answered(current.visit);
    },
    async reveal() {
      const now = current;
      const done = await conduct.reveal(now);
      if (done && !now.lesson.draft) progress.answer(linkOf(now.place), done);
      answered(now.visit);
    },
    explain: () => conduct.explain(current),
  });

  const lightAgain = keepLit(store, () => lightOf(current));
  const watched = watchValues(tools, of, (values) => {
    view.refresh(values);
    if (!current) return;
    current.visit.met = view.met();
    current.values = values;
    tell(store, current);
  });

  /** Fetch what a step predicts, unless it is there. */
  async function predict() {
    const { visit, step } = current;
    const { moment, wanted, listing } = store.get();
    if (!step.predict || visit.busy || !moment || wanted !== null) return;
    if (!isOpen(visit.asked, listing.experiment)) return;
    visit.busy = true;
    const asked = await conduct.asked(step.predict, moment.t);
    visit.busy = false;
    if (asked) visit.asked = { ...UNASKED, ...asked, run: listing.experiment };
    answered(visit);
  }
  store.on(["moment", "wanted"], () => current && predict());

  return {
    conduct,
    turn,
    show(lesson, place, order) {
      const link = linkOf(place);
      const fresh = !current || linkOf(current.place) !== link;
      const visit = visitAt(link);
      const step = lesson.steps[place.step - 1];
      visit.begin ??= beginOf(store.get());
      if (step.predict) visit.asked ??= { ...UNASKED };
      current = { lesson, place, order, step, visit };
      if (!lesson.draft) progress.come(place);
      rest(all, step.controls);
      view.show({ ...current, ...visit, fresh });
      store.set({ lit: [], named: [...step.light, ...linked([...step.body, ...(step.task ?? [])])] });
      lightAgain();
      tell(store, current);
      watched.begin();
      predict();
    },
    close() {
      if (!current) return;
      current = null;
      view.forget();
      rest(all, null);
      store.set({ lit: [], named: [] });
      tell(store, current);
    },
  };
}
