// The list of lessons: each a link by its title, with its sentence, where one has come to, and what is wrong in its file.

import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { linkOf } from "./place.js";
import { built } from "./prose.js";

/** A fault of a lesson's file, by its line. */
export const faultText = (words, file, { line, refused, details }) =>
  say(words, "lesson.fault", { file, line, why: refusal(words, { message: refused, details }) });

/** The faults of a file; nothing where there are none. */
function faultsOf(words, { file, faults }) {
  if (!faults.length) return [];
  const items = faults.map((fault) => make("li", { textContent: faultText(words, file, fault) }));
  return [make("ul", { className: "lesson-faults" }, ...items)];
}

/** What has a lesson of a file edited; nothing for others. */
function editOf(words, lesson, edit) {
  if (!("source" in lesson)) return [];
  const made = make("button", { type: "button", className: "quiet-button", textContent: say(words, "writing.edit") });
  made.ariaLabel = say(words, "writing.edit.of", { title: lesson.title });
  made.addEventListener("click", () => edit(lesson));
  return [made];
}

/** Where one has come to in a lesson, or how many steps it has. */
const stepsText = (words, { steps }, at) =>
  at ? say(words, "lesson.at", { step: at, count: steps }) : say(words, "lesson.length", { count: steps });

/** Say in `root` that something is on its way. */
export const showComing = (root, words) =>
  root.replaceChildren(make("p", { className: "quiet", role: "status", textContent: say(words, "lesson.coming") }));
/** The drafts, each a button that opens it, and what brings the last removed one back; nothing where there are none. */
function draftsOf(words, { drafts, write }) {
  const named = ({ lesson }) => lesson.title.trim() || say(words, "writing.untitled");
  const items = drafts.list().map((draft) => {
    const open = make("button", { type: "button", className: "lesson-draft", textContent: named(draft) });
    open.lang = draft.language;
    open.addEventListener("click", () => write(draft.id));
    const state = say(words, draft.saved ? "writing.draft.saved" : "writing.draft.unsaved");
    return make("li", {}, open, make("small", { textContent: state }));
  });
  const removed = drafts.removed();
  if (removed) {
    const back = make("button", { type: "button", className: "quiet-button", textContent: say(words, "writing.undo") });
    back.addEventListener("click", () => {
      drafts.restore();
      write(removed.id);
    });
    items.push(
      make("li", {}, make("small", { textContent: say(words, "writing.deleted", { title: named(removed) }) }), back),
    );
  }
  if (!items.length) return [];
  return [
    make("h3", { textContent: say(words, "writing.drafts") }),
    make("ul", { className: "lesson-drafts" }, ...items),
  ];
}

/**
 * Fill `root` with the list. `lessons` is null where the server is away; `open(name)` opens one; `placeIn(name)` tells the
 * step that one has come to; `drafts` are those of the browser, `write(id)` opens one, or without an id a new one, and
 * `edit(lesson)` has a lesson of a file edited.
 */
export function showList(root, { store, lessons, open, placeIn, drafts, write, edit }) {
  const { words } = store.get();
  const items = (lessons ?? []).map((each) => {
    const place = linkOf({ name: each.name, step: placeIn(each.name) ?? 1 });
    const href = `#view=${encodeURIComponent(JSON.stringify({ lesson: place }))}`;
    const link = make("a", { href, textContent: each.title });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(each.name);
    });
    link.lang = each.language;
    const says = make("p", { lang: each.language }, ...built(each.says, { store }));
    const progress = make("small", { textContent: stepsText(words, each, placeIn(each.name)) });
    return make("li", {}, link, says, progress, ...editOf(words, each, edit), ...faultsOf(words, each));
  });
  const begin = make("button", { type: "button", className: "lesson-write", textContent: say(words, "writing.new") });
  begin.addEventListener("click", () => write(null));
  const glossary = make("button", { type: "button", textContent: say(words, "glossary") });
  glossary.dataset.term = "";
  const practice = make("button", {
    type: "button",
    className: "lesson-practice",
    textContent: say(words, "lesson.practice"),
  });
  practice.addEventListener("click", () => store.set({ practice: "questions" }));
  root.replaceChildren(
    make("div", { className: "lesson-top" }, make("h2", { textContent: say(words, "lessons") }), begin),
    make("p", { className: "lesson-others" }, practice, glossary),
    ...draftsOf(words, { drafts, write }),
    lessons
      ? make("ul", { className: "lesson-list" }, ...items)
      : make("p", { className: "quiet", textContent: say(words, "lesson.lost") }),
  );
}
