// Practice: its predictions, its tests and the results of a class, of which one lies beside the stage.

import { download } from "../base/download.js";
import { refusal, say } from "../base/words.js";
import { keepBeside } from "../lessons/beside.js";
import { createPredicting } from "../lessons/predicting.js";
import { progressOf } from "../lessons/progress.js";
import { createTruth } from "../lessons/truth.js";
import { offered } from "../scene/named.js";
import { createClass } from "./class.js";
import { readFile } from "./files.js";
import { createKept } from "./kept.js";
import { createPractising } from "./practising.js";
import { createTest } from "./test.js";

/** The plain value of a file; nothing where it is no JSON. @param {File} file */
async function plainOf(file) {
  try {
    return JSON.parse(await file.text());
  } catch {
    return null;
  }
}

/** What the rooms of practice share; `kinds()` is what there is to ask, {concepts, tests}, once it is known. */
function shareOf(tools, kinds) {
  const { all, store, choices, host, ask } = tools;
  const offers = offered(choices);
  const predicting = createPredicting(ask, (error) => refusal(store.get().words, error));
  return {
    predicting,
    truth: createTruth(tools, { predicting, offers }),
    progress: progressOf(store, host.storage),
    kept: createKept(host.storage),
    offers,
    kinds,
    save: ({ name, text }) => download(name, text),
    room: (practice) => store.set({ practice }),
    tell: (lessonTold) => store.set({ lessonTold: lessonTold && { name: "practice", ...lessonTold } }),
    leave() {
      store.set({ practice: null });
      all.querySelector("[data-control=practice]").focus();
    },
    read: async (file) => ({ name: file.name, ...readFile(await plainOf(file), kinds().tests) }),
  };
}

/** Set up practice in `root`, the region beside the stage of the mount `all`. */
export function mount(root, tools) {
  const { all, store, ask } = tools;
  let kinds = null;
  let shown = null; // the room that is shown
  let turn = 0;

  const shared = shareOf(tools, () => kinds);
  const { kept, progress } = shared;
  const practising = createPractising(tools, shared);
  const rooms = {
    questions: practising,
    before: createTest("before", tools, shared),
    after: createTest("after", tools, shared),
    class: createClass(tools, shared),
  };

  /** What there is to ask; false where that has not come. */
  async function prepared() {
    if (!kinds) {
      kinds = (await ask({ question: "kinds" }, { t: 0 }))?.found ?? null;
      if (kinds) kept.hold(kinds.tests);
    }
    return kinds !== null;
  }

  function put(room) {
    const before = shown;
    if (before !== room) before?.close();
    shown = room;
    if (room.root.parentElement !== root) root.replaceChildren(room.root);
    room.show();
    if (before === room) return;
    root.scrollTop = 0;
    const focused = root.ownerDocument.activeElement;
    if (!root.contains(focused) && (before || all.contains(focused))) {
      room.heading.focus({ preventScroll: true }); // what a link opens leaves the focus alone
      root.scrollIntoView({ block: "start" });
    }
  }

  async function come() {
    const { practice, moment } = store.get();
    const mine = (turn += 1);
    root.hidden = practice === null;
    root.dataset.label = "practice";
    if (practice === null) {
      shown?.close();
      shown = null;
      return;
    }
    store.set({ lesson: null });
    root.setAttribute("aria-label", say(store.get().words, "practice"));
    if (!moment || !(await prepared()) || mine !== turn) return;
    put(rooms[practice]);
  }

  store.on(["practice", "words"], come);
  store.on(["moment", "wanted", "listing", "connected"], () =>
    shown ? shown.moved() : store.get().practice !== null && come(),
  );
  store.on(["lesson"], ({ lesson, practice }) => lesson !== null && practice !== null && store.set({ practice: null }));
  keepBeside(all, store);

  /** Add answers that were saved to those that are kept. */
  function add(name, answers) {
    progress.add(answers);
    const text = "practice.file.added";
    store.set({ practice: "questions", notice: { text, blanks: { file: name, count: Object.keys(answers).length } } });
    practising.show();
  }

  return {
    /** Open the answers or the result of a test that a file holds. */
    async open(name, plain) {
      if (!(await prepared())) return;
      const { practice } = store.get();
      const found = readFile(plain, kinds.tests);
      if ("wrong" in found) store.set({ notice: { text: found.wrong, blanks: { file: name } } });
      else if ("answers" in found) add(name, found.answers);
      else if (["before", "after"].includes(practice) && practice !== found.result.test)
        rooms[practice].take(found.result);
      else {
        rooms.class.take([{ name, ...found }]);
        store.set({ practice: "class" });
      }
    },
  };
}
