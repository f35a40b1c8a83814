// From reading to writing and back: drafts are begun from what is read, and seen as their readers get them.

import { make } from "../base/dom.js";
import { putIn } from "../base/on_demand.js";
import { sceneOf } from "../scene/keep.js";
import { createDrafts } from "../writing/drafts.js";
import { writing } from "../writing/feature.js";
import { emptyLesson, lessonOf } from "../writing/lesson.js";
import { linkOf } from "../writing/place.js";
import { linkOf as linkOfScene } from "../writing/scene.js";
import { namedIn } from "../writing/text.js";
import { textOf } from "./prediction_text.js";

/**
 * `shelf` has the lessons, `language()` is the page's, and `see(lesson, step)` shows one as it is read. Returns {drafts, write,
 * edit, show}.
 */
export function createEditing(root, tools, { shelf, language, offers, see }) {
  const { store, choices, host } = tools;
  const { languages } = choices;
  const drafts = createDrafts(host.storage);
  const room = make("div");
  const panel = putIn(writing, room, {
    ...tools,
    drafts,
    languages,
    asksOf: (asks) => textOf(store.get().words, asks),
    preview: (lesson, step) => see({ ...lesson, name: lesson.draft }, step),
  });
  const go = (id, step = 1) => store.set({ lesson: linkOf({ id, step }) });
  let byHand = false;

  return {
    drafts,

    /** Open a draft, or without an id a new lesson, whose first step is what is shown. */
    write(id) {
      byHand = true;
      const scene = sceneOf(store.get(), store.keys);
      const begun = () => {
        const lesson = emptyLesson(scene ? linkOfScene(scene, { keys: store.keys, offers }) : "");
        return drafts.begin({ name: "", language: language(), saved: false, lesson });
      };
      go(id ?? begun());
    },

    /** Have a lesson edited from a step on: the draft itself, or a draft that begins as the lesson is. */
    async edit(lesson, step = 1) {
      byHand = true;
      if (lesson.draft) {
        go(lesson.draft, step);
        return;
      }
      const isOpened = "source" in lesson;
      const source = isOpened ? lesson.source : await shelf.source(lesson.name, lesson.language);
      if (!source) {
        store.set({ notice: { text: source === null ? "writing.no_text" : "lesson.lost" } });
        return;
      }
      const named = isOpened ? namedIn(lesson.file, languages) : { name: lesson.name, language: lesson.language };
      const name = isOpened || source.own ? named.name : `${named.name}-copy`;
      go(drafts.begin({ ...named, name, saved: true, lesson: lessonOf(source) }), step);
    },

    /**
     * Show the form at a place, as long as it `isDue()`; resolves to whether it is shown. What there is not is told.
     */
    async show(place, isDue) {
      if (!drafts.get(place.id)) {
        store.set({ notice: { text: "writing.gone" } });
        return false;
      }
      const form = await panel.whole();
      if (!form || !isDue() || !(await form.open(place)) || !isDue()) return false;
      if (room.parentElement !== root) root.replaceChildren(room);
      if (byHand) form.enter();
      byHand = false;
      return true;
    },
  };
}
