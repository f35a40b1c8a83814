// The window with a lesson's notes: the host of a page of its own, which follows the window of the lesson and leads it.

import { createLife } from "../base/life.js";
import { apply, say } from "../base/words.js";
import { blocksOf, fill } from "../lessons/prose.js";
import { lasted } from "./clock.js";
import { line } from "./windows.js";

const SECOND = 1000; // milliseconds
const WAYS = { PageDown: 1, ArrowRight: 1, ArrowDown: 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 };
// There is no network here whose marks the words could light, and no glossary.
const UNLIT = { store: { get: () => ({ listing: null, away: ["glossary"] }) } };

const root = document.documentElement;
const life = createLife();
/** @type {(name: string) => any} */
const part = (name) => root.querySelector(`[data-part=${name}]`);
const [previous, next] = ["previous", "next"].map(part);
const wire = line(location.hash.slice(1), heard);
let words = null; // the catalogue, {language, of}
let shown = null; // the step that was told last

const turn = (by) => wire.send({ to: "lesson", what: "turn", by });

/** Have the catalogue of a language; where it does not come, the words stay as they are. */
async function speak(language) {
  if (words?.language === language) return;
  const response = await fetch(`words/${language}.json`).catch(() => null);
  if (!response?.ok) return;
  words = { language, of: await response.json() };
  apply(words.of, root);
  root.lang = words.of["language.code"];
  document.title = say(words.of, "lesson.notes");
}

/** Show how long it is since the window was opened first. */
function tick() {
  if (shown) part("clock").textContent = lasted(Date.now() - shown.since);
  life.later(tick, SECOND);
}

/** Whether the lesson is there. */
function present(is) {
  root.dataset.lesson = is ? "there" : "gone";
  part("gone").hidden = is;
  previous.disabled = !is || shown.number === 1;
  next.disabled = !is || shown.next === null;
}

function show(step) {
  const moved = shown?.title !== step.title || shown.number !== step.number;
  shown = step;
  root.dataset.theme = step.theme;
  part("lesson").textContent = step.lesson;
  part("where").textContent = say(words.of, "lesson.where", { step: step.number, count: step.count });
  part("title").textContent = step.title;
  const notes = step.notes.length ? blocksOf(step.notes, UNLIT) : [say(words.of, "lesson.notes.none")];
  if (moved || !part("notes").childElementCount) part("notes").replaceChildren(...notes);
  fill(part("notes"), step.values, words.of);
  part("following").hidden = step.next === null;
  part("following-title").textContent = step.next ?? "";
  for (const name of ["lesson", "title", "notes", "following-title"]) part(name).lang = step.spoken;
  part("clock").textContent = lasted(Date.now() - step.since);
  present(true);
}

async function heard(message) {
  if (message.to !== "notes") return;
  if (message.what === "gone") {
    present(false);
    return;
  }
  await speak(message.language);
  if (words) show(message);
}

previous.addEventListener("click", () => turn(-1));
next.addEventListener("click", () => turn(1));
life.listen(root, "keydown", (event) => {
  const by = WAYS[event.key];
  if (!by || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  turn(by);
});
present(false);
tick();
wire.send({ to: "lesson", what: "hello" });
