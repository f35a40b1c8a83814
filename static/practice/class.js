// The results of a class, from their files: a table by person, the means, the gain, and what was right by concept.

import { make, refill } from "../base/dom.js";
import { brief, fixed } from "../base/numbers.js";
import { say } from "../base/words.js";
import { classOf } from "./gain.js";
import { button, filesButton, line, table } from "./parts.js";

const NOTHING = "—";

/** The table by person, with the means of those who have both. */
function peopleOf(words, { rows, pairs, means }) {
  const score = (value) => (value === null ? NOTHING : String(value));
  const gain = ({ before, after, gain: own }) =>
    own === null ? (before !== null && after !== null ? say(words, "practice.class.full") : NOTHING) : brief(own);
  const people = rows.map((row) => [
    row.name || say(words, "practice.class.nameless"),
    score(row.before),
    score(row.after),
    gain(row),
  ]);
  const mean = means
    ? [
        [
          say(words, "practice.class.mean", { count: pairs }),
          fixed(means.before, 1),
          fixed(means.after, 1),
          means.gain === null ? say(words, "practice.class.full") : brief(means.gain),
        ],
      ]
    : [];
  const heads = ["person", "before", "after", "gain"].map((name) => say(words, `practice.class.${name}`));
  return table(say(words, "practice.class.people"), heads, [...people, ...mean]);
}

/** How many were right by concept, of those who have both. */
function conceptsOf(words, { concepts, pairs }) {
  const heads = ["concept", "before", "after"].map((name) => say(words, `practice.class.${name}`));
  const rows = concepts.map(({ concept, before, after }) => [
    say(words, `concept.${concept}`),
    `${before} / ${pairs}`,
    `${after} / ${pairs}`,
  ]);
  return table(say(words, "practice.class.concepts"), heads, rows);
}

/** What the gain of a class says, with its formula. */
function gainOf(words, { means }) {
  if (!means) return [line(words, "practice.class.no_pairs", {}, "quiet")];
  const numbers = { before: fixed(means.before, 1), after: fixed(means.after, 1) };
  return means.gain === null
    ? [line(words, "practice.class.gain.full", numbers)]
    : [line(words, "practice.class.gain.says", { ...numbers, gain: brief(means.gain) }, "practice-gain")];
}

/** Set up the room. `tools` are the mount's, `shared` what the rooms of practice share. */
export function createClass({ store }, { read, room, leave, tell }) {
  const heading = make("h2", { tabIndex: -1 });
  const body = make("div", { className: "practice-class" });
  const root = make("article", {}, heading, body);
  const opened = new Map(); // results by the names of their files
  let refused = [];
  let isShown = false;

  function take(found) {
    refused = [];
    for (const { name, result, wrong } of found) {
      if (result) opened.set(`${result.test} ${name}`, result);
      else refused.push({ word: wrong ?? "practice.file.no_test", file: name });
    }
    show();
  }

  function show() {
    if (!isShown) return;
    const { words } = store.get();
    const found = classOf([...opened.values()]);
    heading.textContent = say(words, "practice.class");
    const known = found.rows.length ? [peopleOf(words, found), ...gainOf(words, found)] : [];
    const clear = () => {
      opened.clear();
      take([]);
    };
    refill(
      body,
      line(words, "practice.class.says", {}, "quiet"),
      make(
        "div",
        { className: "practice-row" },
        ...filesButton(words, "practice.class.open", async (files) => take(await Promise.all(files.map(read)))),
        ...(opened.size ? [button(words, "practice.class.clear", clear, { className: "quiet-button" })] : []),
      ),
      make(
        "div",
        { role: "status" },
        ...refused.map((each) => make("p", { className: "refused", textContent: say(words, each.word, each) })),
        ...(opened.size ? [line(words, "practice.class.count", { count: opened.size }, "quiet")] : []),
      ),
      ...known,
      ...(found.pairs ? [conceptsOf(words, found)] : []),
      make(
        "div",
        { className: "lesson-leave" },
        button(words, "practice.back", () => room("questions"), { className: "quiet-button" }),
        button(words, "practice.leave", leave, { className: "quiet-button" }),
      ),
    );
  }

  return {
    root,
    heading,
    take,
    show() {
      isShown = true;
      show();
      tell({ question: null });
    },
    moved() {},
    close() {
      isShown = false;
      tell(null);
    },
  };
}
