// The panel in which a lesson is written: the form of a draft, what is wrong in it, and the ways to see, save and leave it.

import { make, refill } from "../base/dom.js";
import { download } from "../base/download.js";
import { get } from "../base/get.js";
import { throttled } from "../base/throttle.js";
import { refusal, say as sayOf } from "../base/words.js";
import { offered as offersOf } from "../scene/named.js";
import { createDesk } from "./desk.js";
import { faultsIn, focusFault, tellFaults } from "./faults.js";
import { formOf } from "./form.js";
import { shownScene } from "./form_scene.js";
import { keepHolding } from "./holding.js";
import { keepLeft } from "./left.js";
import { moved, withRead, withValue } from "./lesson.js";
import { createParts } from "./parts.js";
import { linkOf, placeOf } from "./place.js";
import { createQuestions } from "./questions.js";
import { bytesOf, createReader } from "./reader.js";
import { fileOf, nameOf, textOf } from "./text.js";

const UNNAMED = "lesson"; // the name of a file whose title has no letters

/** Have the focus on what has a key. */
const focusIn = (root, key) => root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();

/** The empty frame of the panel. */
function createFrame(root) {
  const [head, body, all, bar] = ["writing-head", "writing-body", "writing-all", "lesson-buttons"].map((className) =>
    make("div", { className }),
  );
  root.classList.add("writing");
  root.replaceChildren(head, body, all, bar);
  return { head, body, bar };
}

/** What calls each `fill` as something of the network is chosen or changes, as long as its element is on the page. */
function createFollowing(store) {
  let followers = [];
  const follow = throttled(store, (state) => {
    followers = followers.filter(({ element }) => element.isConnected);
    for (const { fill } of followers) fill(state);
  });
  store.on(["selected", "listing", "moment"], follow);
  return (element, fill) => followers.push({ element, fill });
}

/** What becomes of the lesson as a whole: it is seen as a reader gets it, saved, begun in another language, discarded. */
function createActs({ store, drafts, preview, languages, all }, { desk, reader, go, offered, tellAll }) {
  const nameNow = () => desk.draft().name || nameOf(desk.lesson().title) || UNNAMED;
  const fileNow = () => fileOf({ ...desk.draft(), name: nameNow() }, languages);
  const tell = (text, blanks = {}) => store.set({ notice: { text, blanks } });

  return {
    fileNow,
    async preview() {
      const step = Math.max(1, desk.place() + 1);
      const answer = await reader.read(textOf(desk.lesson()));
      if (!answer) tell("writing.unchecked");
      else if (answer.refused) tell("writing.large", { limit: offered().bytes >> 10 });
      else preview({ ...answer, file: fileNow(), draft: desk.draft().id, language: desk.draft().language }, step);
    },
    async save() {
      tellAll();
      const text = textOf(desk.lesson());
      if (bytesOf(text) > offered().bytes) {
        tell("writing.large", { limit: offered().bytes >> 10 });
        return;
      }
      download(fileNow(), text);
      desk.note({ name: nameNow(), saved: true });
      const answer = await reader.read(text);
      const count = answer?.faults?.length ?? 0;
      tell(count ? "writing.saved.faults" : "writing.saved.done", { file: fileNow(), count });
    },
    /** Begin the same in another language, whose name is `said`. */
    begin(language, said) {
      go({ id: drafts.begin({ ...desk.draft(), name: nameNow(), language, saved: false }), step: 1 });
      tell("writing.twin.begun", { language: said });
    },
    discard() {
      drafts.remove(desk.draft().id);
      store.set({ lesson: "" });
    },
    leave() {
      store.set({ lesson: "" });
      all.querySelector("[data-control=lessons]").focus();
    },
  };
}

/** The buttons below the form. */
const barOf = ({ parts, say, acts, desk }) => [
  parts.button(say("writing.leave"), acts.leave),
  parts.button(say("writing.save"), acts.save, { className: "writing-save" }),
  parts.button(say("writing.preview"), acts.preview, { className: "primary", disabled: !desk.lesson().steps.length }),
];

/** What the parts of the form do with the steps. */
function createMoves({ desk, go, redraw, focusOn }) {
  const openAt = (step) => {
    desk.lay(desk.draft(), step);
    redraw();
    go({ id: desk.draft().id, step });
  };
  return {
    openAt,
    move(key, to) {
      const last = desk.lesson().steps.length - 1;
      desk.edit((lesson) => moved(lesson, key, to));
      if (to <= 0 || to >= last) focusOn(`step ${key}`); // the button that was pressed rests there
      openAt(desk.place() + 1);
    },
    remove(key) {
      desk.remove(key);
      focusOn("undo");
      openAt(desk.place() + 1);
    },
    /** Have a field of the open step say something else; all is shown anew. */
    put(name, value) {
      desk.editStep((step) => withValue(step, name, value));
      redraw();
    },
    /** The same as it is typed. */
    type(name, value) {
      desk.editStep((step) => withValue(step, name, value));
    },
  };
}

/** What of the network the form's parts use. */
function createLook({ store, ask, openScene }, offers) {
  const form = { store, offers };
  return {
    shownScene: () => shownScene(form),
    /** Show a scene beside the form. */
    show: (scene) => openScene({ ...scene, view: { ...scene.view, lesson: store.get().lesson } }),
    /** What an expression comes to at the moment that is shown. */
    async valueOf(expression) {
      const { moment } = store.get();
      if (!moment) return null;
      const answer = await ask({ question: "expressions", expressions: [expression] }, { t: moment.t });
      return answer?.found?.values[0] ?? null;
    },
    refuse: (text) => store.set({ notice: { text } }),
  };
}

/** What is told in the form of the draft that is open: what is wrong in it, how long its step is, whether it is kept. */
function createTelling(root, { desk, say, fileNow, isTold }) {
  let [faults, counts, isRead] = [[], [], true];

  function state() {
    const name = !desk.isKept() ? "not_kept" : isRead ? (desk.draft().at ? "kept" : "begun") : "unchecked";
    const words = say(`writing.state.${name}`);
    const line = root.querySelector(".writing-head [role=status]");
    line.className = ["kept", "begun"].includes(name) ? "quiet" : "refused";
    if (line.textContent !== words) line.textContent = words;
    root.querySelector("[data-key='section more'] small").textContent = fileNow();
  }

  function length() {
    const { words, typed } = counts[desk.place()] ?? {};
    const line = root.querySelector(".writing-count");
    if (!line) return;
    const said = words === undefined ? [] : [say("writing.words", { count: words })];
    line.textContent = [...said, ...(typed?.length ? [say("writing.typed")] : [])].join(" ");
  }

  return {
    state,
    all(form, go) {
      state();
      length();
      tellFaults(root, { faults: faults.filter(isTold), open: desk.place() + 1, form, go });
    },
    /** Note what the server has read in a text. */
    note(text, answer) {
      [faults, counts, isRead] = [faultsIn(text, answer), answer?.counts ?? [], answer !== null];
    },
  };
}

/**
 * Set up the panel in `root`. Beside the mount's tools there are `drafts`; `languages`, the codes that the page has;
 * `asksOf(told)`, what a prediction asks in words; and `preview(lesson, step)`, which shows a lesson as a reader gets it.
 */
export function mount(root, tools) {
  const { store, choices, ask, named, drafts, languages, asksOf } = tools;
  const offers = offersOf(choices);
  const say = (name, blanks) => sayOf(store.get().words, name, blanks);
  const refused = (error) => refusal(store.get().words, error);
  const frame = createFrame(root);
  const look = createLook(tools, offers);
  let offered = null; // what the server says that a step may have
  let focus = null; // the key of the element that gets the focus next

  const desk = createDesk(drafts, edited);
  const reader = createReader(store.life, () => offered.bytes, answered);
  const holding = keepHolding(root, { store, ask, say, timed: tools.timed });
  const go = (place) => store.set({ lesson: linkOf(place) });
  const acts = createActs(tools, { desk, reader, go, offered: () => offered, tellAll: () => left.all() });
  const left = keepLeft(root, desk, () => telling.all(form, goToFault));
  const telling = createTelling(root, { desk, say, fileNow: acts.fileNow, isTold: left.isTold });
  const focusOn = (key) => (focus = key);
  const moves = createMoves({ desk, go, redraw: draw, focusOn });
  const shared = { desk, store, say, languages, offers, redraw: draw, focusOn, follow: createFollowing(store) };
  const form = {
    ...look,
    ...moves,
    ...acts,
    ...shared,
    parts: createParts({ named, opened: new Set(["scene"]), refuse: look.refuse }),
    questions: createQuestions(ask, { textOf: asksOf, refused }),
    renamed: telling.state,
    reread: () => reader.read(textOf(desk.lesson())),
    retitle() {
      const title = root.querySelector(".writing-step.open .writing-heading span");
      title.textContent = desk.step().title.trim() || say("writing.step.untitled");
    },
    get offered() {
      return offered;
    },
  };

  function edited() {
    reader.want(() => textOf(desk.lesson()));
    telling.state();
    holding.want();
    const { id } = desk.draft();
    if (placeOf(store.get().lesson ?? "")?.id !== id) go({ id, step: desk.place() + 1 }); // another page writes the same draft
  }

  function answered(text, answer) {
    telling.note(text, answer);
    const isTyped = root.ownerDocument.activeElement?.matches("[data-key='open block']");
    const better = answer?.source && !isTyped ? withRead(desk.lesson(), answer.source) : desk.lesson();
    if (better === desk.lesson()) {
      telling.all(form, goToFault);
      return;
    }
    desk.edit(() => better);
    draw();
  }

  function goToFault(fault) {
    if (fault.step && fault.step !== desk.place() + 1) moves.openAt(fault.step);
    focusFault(root, fault, desk.place() + 1);
  }

  function draw() {
    const title = make("h2", { tabIndex: -1, textContent: say("writing.region") });
    refill(frame.head, title, make("p", { role: "status" }));
    refill(frame.body, ...formOf(form));
    refill(frame.bar, ...barOf({ ...form, acts }));
    telling.all(form, goToFault);
    holding.anew();
    if (focus) focusIn(root, focus);
    focus = null;
  }

  store.on(["moment"], () => root.isConnected && holding.want());

  return {
    /** Open a draft at a step; resolves to whether it is open, which it is not where the server is away. */
    async open({ id, step }) {
      offered ??= await get("writing.json");
      if (!offered) return false;
      const draft = drafts.get(id);
      if (desk.draft()?.id !== id) telling.note("", { faults: [] });
      desk.lay(draft, step);
      draw();
      reader.want(() => textOf(desk.lesson()));
      return true;
    },
    /** Have the focus where one goes on: in the title of a new lesson, or at the step that is open. */
    enter() {
      const step = desk.step();
      focusIn(root, desk.lesson().title && step ? `step ${step.key}` : "head title");
    },
  };
}
