// The lessons: the list of them, and the one that is read, which drives the run and asks for predictions.

import { languageOf } from "../base/later_words.js";
import { refusal } from "../base/words.js";
import { offered } from "../scene/named.js";
import { linkOf as linkOfWriting, placeOf as placeOfWriting } from "../writing/place.js";
import { keepBeside } from "./beside.js";
import { createConduct } from "./conduct.js";
import { createEditing } from "./editing.js";
import { showComing, showList } from "./list.js";
import { turnByKeys } from "./keys.js";
import { nearest, placeOf, readOf } from "./place.js";
import { createPredicting } from "./predicting.js";
import { progressOf } from "./progress.js";
import { createReading } from "./reading.js";
import { createShelf } from "./shelf.js";

const SOON = 400; // milliseconds after which it is said that something is on its way

/** What has been done at each step, by its link: {begin, met, asked, scene}; `forget(name)` forgets that of a lesson. */
function createVisits() {
  const visits = new Map();
  const at = (link) => {
    if (!visits.has(link)) visits.set(link, {});
    return visits.get(link);
  };
  const forget = (name) => [...visits.keys()].forEach((link) => placeOf(link).name === name && visits.delete(link));
  return { at, forget };
}

/** What has work awaited; where it takes more than a moment, `coming()` says that it is on its way. */
const awaitedBy = (store, coming) => async (work) => {
  const timer = store.life.later(coming, SOON);
  const found = await work;
  store.life.cancel(timer);
  return found;
};

/** What a link of lessons names: the list, a lesson's step, or a draft's, {writing}. */
const shownBy = (link) => ({ writing: placeOfWriting(link), place: placeOf(link) });

/** Set up the lessons in `root`, the region beside the stage of the mount `all`. */
export function mount(root, tools) {
  const { all, store, choices, host, ask } = tools;
  const offers = offered(choices);
  const shelf = createShelf();
  const progress = progressOf(store, host.storage);
  const { at: visitAt, forget } = createVisits();
  const language = () => languageOf(store.get().words, choices.languages);
  const predicting = createPredicting(ask, (error) => refusal(store.get().words, error));
  const conductOf = (at) => createConduct(tools, { shelf, predicting, visitAt, offers, language, at });
  const editing = createEditing(root, tools, { shelf, language, offers, see });
  const edit = (lesson, place) => editing.edit(lesson, place?.step);
  const reading = createReading(root, tools, { conductOf, progress, visitAt, edit });
  const { conduct } = reading;
  const open = (name) => conduct.open(name, progress.placeIn(name) ?? 1);
  let turn = 0;

  const awaited = awaitedBy(store, () => {
    reading.close();
    showComing(root, store.get().words);
  });

  /** Show a draft as its readers get it, from a step on. */
  function see(lesson, step) {
    shelf.keep(lesson);
    forget(lesson.name);
    conduct.go(lesson.name, step);
  }

  async function list() {
    const mine = turn;
    const lessons = await awaited(shelf.list(language()));
    if (mine !== turn) return;
    const opened = shelf.opened().map((each) => ({ ...each, steps: each.steps.length }));
    reading.close();
    const both = lessons && [...lessons, ...opened];
    const { drafts, write: begin } = editing;
    const again = (each) => edit(shelf.kept(each.name));
    showList(root, { store, lessons: both, open, placeIn: progress.placeIn, drafts, write: begin, edit: again });
  }

  async function write(place) {
    const mine = turn;
    const isShown = await editing.show(place, () => mine === turn);
    if (isShown) reading.close();
    else if (mine === turn) await list();
  }

  async function showPlace(place) {
    const mine = turn;
    const coming = conduct.lesson(place.name);
    const lesson = await (root.childElementCount ? coming : awaited(coming));
    if (mine !== turn) return;
    if (lesson === null && editing.drafts.get(place.name)) {
      store.set({ lesson: linkOfWriting({ id: place.name, step: place.step }) }); // it was seen as readers get it
      return;
    }
    if (!lesson?.steps.length) {
      store.set({ notice: { text: lesson === null ? "lesson.missing" : "lesson.lost" } });
      await list();
      return;
    }
    const order = readOf(lesson.steps, store.get().questionsAlone);
    const shown = { ...place, step: nearest(order, place.step) };
    if (store.get().lessonBrings) {
      store.set({ lessonBrings: false });
      await awaited(conduct.bring({ lesson, place: shown }));
      if (mine !== turn) return;
    }
    reading.show(lesson, shown, order);
    if (conduct.byHand() && !root.contains(root.ownerDocument.activeElement)) root.querySelector("h2").focus();
  }

  async function come() {
    const { lesson: link } = store.get();
    const { writing, place } = shownBy(link ?? "");
    turn += 1;
    root.hidden = link === null;
    root.dataset.label = writing ? "writing.region" : place ? "lesson.region" : "lessons";
    if (link === null) reading.close();
    else {
      root.setAttribute("aria-label", store.get().words[root.dataset.label]);
      await (writing ? write(writing) : place ? showPlace(place) : list());
    }
  }
  store.on(["lesson", "words", "questionsAlone", "away"], come);
  keepBeside(all, store);
  turnByKeys(host.keys, store, reading.turn);

  return {
    /** Open a lesson, by its name or as it has been read from a file, where one has come to. */
    open(asked) {
      if (typeof asked === "string") return open(asked);
      shelf.keep(asked);
      return open(asked.name);
    },
    /** Go so many steps on in the lesson that is read. */
    turn: reading.turn,
  };
}
