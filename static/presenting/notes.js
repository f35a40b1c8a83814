// The window of a lesson's notes: this page opens it, tells it what is read, and goes where it leads.

import { throttled } from "../base/throttle.js";
import { languageOf } from "../base/later_words.js";
import { stepOf } from "./notes_message.js";

const GONE = { to: "notes", what: "gone" };

/** Set up what goes on with the second window; a pair that this tab has had goes on after it is reloaded. */
export function mount(_root, { store, choices, host, turnLesson }) {
  const coming = host.windows?.().catch(() => null); // the server is away
  const me = Math.random();
  let windows = null;
  let pair = null; // {id, since}
  let wire = null; // to the other window
  let told = ""; // what it has been told last

  function tell() {
    if (!wire) return;
    const { lessonRead, words, theme } = store.get();
    const shown = { language: languageOf(words, choices.languages), theme, since: pair.since };
    const message = lessonRead?.lesson ? stepOf(lessonRead, shown) : GONE;
    const text = JSON.stringify(message);
    if (text !== told) wire.send(message);
    told = text;
  }

  function gone() {
    told = "";
    wire?.send(GONE);
  }

  function leave() {
    wire?.close();
    wire = pair = null;
  }

  function heard({ to, what, by, of }) {
    if (to !== "lesson") return;
    if (what === "turn") turnLesson(by);
    if (what === "mine" && of !== me) wire.send({ to, what: "taken", of });
    if (what === "hello") {
      told = "";
      tell();
    }
    if (what !== "taken" || of !== me) return;
    leave(); // this tab is a copy of the one that has the window
    windows.keepPair(null);
  }

  function join(found) {
    pair = found;
    wire = windows.line(pair.id, heard);
  }

  async function begin() {
    windows = await coming;
    const kept = windows?.keptPair();
    if (!kept || store.life.ended) return;
    join(kept);
    wire.send({ to: "lesson", what: "mine", of: me });
    tell();
  }

  const begun = begin();
  store.life.atEnd(leave);
  coming?.then((found) => found && store.life.atEnd(found.goes(gone)));
  store.on(["lessonRead", "words", "theme"], throttled(store, tell));
  return {
    /** Open the window, or bring it to the front. */
    async open() {
      await begun;
      if (!windows) return store.set({ notice: { text: "panel.lost" } });
      if (!pair) join(windows.newPair());
      if (!windows.openSecond(pair.id)) return store.set({ notice: { text: "lesson.notes.blocked" } });
      windows.keepPair(pair);
      return tell();
    },
  };
}
