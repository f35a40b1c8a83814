// A whole Backscope in one element: its run, its view, and the panels that show both. Any number of them live in a page.

import { putIn } from "./base/on_demand.js";
import { createStats } from "./base/stats.js";
import { tabs } from "./base/tabs.js";
import { segmentAt } from "./base/time.js";
import { gradientsOf, isPartial } from "./ask/watch.js";
import { FEATURES, KEYS, SIDES } from "./features.js";
import { keepScene, sceneOf } from "./scene/keep.js";
import { offered as offeredBy } from "./scene/named.js";
import { createStore } from "./state/store.js";
import { holdRun } from "./transport/run.js";
import { FIRST, sceneOf as sceneOfStory } from "./stories/stories.js";
import { stageTabs } from "./network/sides.js";
import { quietHost } from "./page/host.js";
import { tablesOnDemand } from "./own/later.js";
import { claim } from "./page/markup.js";
import { FIRST_LANE, PAGE_RUN } from "./lab/names.js";

/** Large networks send only what is drawn: another example, other units, or the rest once it rests, must be fetched. */
function fetchWhatIsMissing(store, clock) {
  store.on(["example"], (state) => {
    if (state.moment && !state.playing && isPartial(state)) clock.refresh();
  });
  // The stage may have grown while a moment was on its way.
  store.on(["units", "moment", "wanted"], (state) => {
    const { moment, playing, wanted, units } = state;
    if (!moment || playing || wanted !== null || !isPartial(state)) return;
    if (JSON.stringify(moment.frame.units) !== units) clock.refresh();
  });
  store.on(["playing"], (state) => {
    if (state.moment?.frame.units && !state.playing && state.wanted === null && !isPartial(state)) clock.refresh();
  });
  // The gradients of one example are sent only while the arrows show them.
  store.on(["arrows", "arrowsOf", "example", "playing"], (state) => {
    const { moment, playing } = state;
    const of = gradientsOf(state);
    if (of !== null && moment && moment.frame.gradientsOf !== of && !playing) clock.refresh();
  });
  // The updates that are applied are sent only while the arrows show them.
  store.on(["arrows", "playing"], ({ moment, arrows, playing }) => {
    if (arrows === "update" && moment && !moment.updates && !playing) clock.refresh();
  });
}

/**
 * The scene that a link asks for. A view alone is of what is shown, or of the first screen; the step of a lesson that it
 * names brings its own scene.
 */
function asked(store, scene, offers) {
  const alone = scene?.experiment === undefined;
  store.set({ lessonBrings: alone && Boolean(scene?.view?.lesson) });
  if (!alone) return scene;
  const { listing, moment } = store.get();
  const there = listing ? { experiment: listing.experiment, t: moment?.t, view: {} } : sceneOfStory(FIRST, offers);
  return { ...there, view: { ...there.view, ...scene?.view } };
}

/** Have the element in the theme and language that are chosen. */
function dress(root, store) {
  function put({ theme, words }) {
    root.dataset.theme = theme;
    root.lang = words["language.code"];
  }
  store.on(["theme", "words"], put);
  put(store.get());
}

/** Leave the element as it was before anything was mounted in it, but empty. */
function undress(root) {
  root.replaceChildren();
  root.classList.remove("dropping");
  for (const name of ["mount", "theme", "tab", "wide", "story", "projector", "lesson", "hides", "embed"])
    delete root.dataset[name];
  for (const name of ["lang", "tabindex"]) root.removeAttribute(name);
}

/** The marks that are drawn, each with its lane where there are several. */
const ofLanes = (marks, { lanes }) => (lanes.length ? marks.map((mark) => ({ lane: FIRST_LANE, ...mark })) : marks);

const plain = (value) => JSON.parse(JSON.stringify(value));

/** The readings of a run and of the marks that are drawn. */
function readings(store, { marks, stats }) {
  return {
    get scene() {
      return plain(sceneOf(store.get(), KEYS));
    },
    get view() {
      return plain(sceneOf(store.get(), KEYS)?.view ?? null);
    },
    get t() {
      return store.get().moment?.t ?? null;
    },
    get experiment() {
      return plain(store.get().listing?.experiment ?? null);
    },
    get listing() {
      const { listing, moment } = store.get();
      if (!listing) return null;
      const { program, grains } = segmentAt(listing, Math.max(0, (moment?.t ?? 0) - 1));
      return plain({ ...listing, program, grains });
    },
    get lanes() {
      const { listing, moment, lanesTold } = store.get();
      const first = { name: FIRST_LANE, run: PAGE_RUN, t: moment?.t ?? null, experiment: listing?.experiment ?? null };
      return plain([first, ...lanesTold]);
    },
    get lesson() {
      return plain(store.get().lessonTold);
    },
    get surface() {
      return plain(store.get().surfaceTold);
    },
    tensor(name) {
      const tensor = store.get().moment?.tensor(name);
      return tensor ? { shape: [...tensor.shape], data: [...tensor.data] } : null;
    },
    marks,
    stats,
  };
}

/**
 * Build a Backscope inside `root`, an element of the class `backscope` that holds the page's markup.
 *
 * `transport({opened, lost, timed})` opens a line to the server, {request, close}. `catalogue` is {words, choices}: the
 * words of a language, and what there is to choose from. `host` offers what lies outside of the element, as
 * `page/host.js` says; what it lacks is done without.
 *
 * `run` has what may be read, {t, experiment, scene, view, listing, lanes, lesson, surface, tensor, marks, stats}, and what moves it, {open, start, change,
 * seek, play, stop}. `view` reads, sets and hears of the values that the features declare: {get, set, on}. `destroy`
 * ends all of it and leaves the element empty.
 *
 * @param {HTMLElement} root
 * @param {(hears: {opened: () => void, lost: () => void, timed: (times: object) => void}) => any} transport
 * @param {{words: import("./base/words.js").Words, choices: any}} catalogue
 * @param {Partial<import("./page/host.js").Host> & {themeChoice?: string, language?: string | null}} [offered]
 */
export function mount(root, transport, { words, choices }, { themeChoice = "auto", language = null, ...offered } = {}) {
  const host = { ...quietHost(root), ...offered };
  const named = claim(root);
  const region = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (root.querySelector(`[data-region="${name}"]`));
  const stats = createStats();
  const store = createStore(KEYS, { words, theme: host.theme.of(themeChoice), themeChoice, language });
  const [offers, languages] = [offeredBy(choices), choices.languages];
  if (host.keys === root) root.tabIndex = -1; // so that it can have the focus

  dress(root, store); // before the panels hear of another theme, which read the colours

  /** Show what was refused where the experiment is; where the panels are tabs, bring that one to the front. */
  function refuse(error) {
    if (error.field?.startsWith("until")) {
      store.set({ stopsRefused: error }); // said beside the condition
      return;
    }
    store.set({ tab: "experiment" });
    shown.experiment.complain(error);
  }
  const [firstPreset] = Object.keys(choices.presets);
  const trail = { leave: (/** @type {any} */ by) => kept?.leave(by), stay: () => kept?.stay() };
  const { tables, giveAgain } = tablesOnDemand(host.storage, store.life);
  const held = holdRun(store, transport, {
    linked: () => (kept ? asked(store, kept.linked(), offers) : null),
    first: choices.presets[firstPreset],
    offers,
    languages,
    trail,
    restore: async (started) => {
      const given = await giveAgain(started); // a checkpoint may need the table
      return (await shown.open.again(started)) || given;
    },
    refuse,
    timed: stats.add,
  });
  const { ask, open, start, change, clock } = held;
  const { seek, play, stop } = clock;
  const kept =
    host.address &&
    keepScene(store, { offers, languages, address: host.address }, (scene) => open(asked(store, scene, offers)));

  const { presses, storage } = host;
  const scenes = {
    leave: trail.leave,
    link: kept?.link,
    openLesson: async (/** @type {any} */ lesson) => (await shown.lessons.whole())?.open(lesson),
    turnLesson: async (/** @type {number} */ by) => (await shown.lessons.whole())?.turn(by),
    openNotes: async () => (await shown.notes.whole())?.open(),
    openAnswers: async (/** @type {string} */ file, /** @type {any} */ given) =>
      (await shown.practice.whole())?.open(file, given),
    /**
     * Make a lane that shares all before t, a moment of the run, and goes on with `experiment`, or without one as the run
     * does, and with `change`, as the command takes it, at t. Resolves to its name, or to null where the line is lost;
     * rejects with what is refused.
     */
    fork: async (/** @type {any} */ experiment = null, at = {}) =>
      (await shown.laboratory.whole())?.fork(experiment, at) ?? null,
    /** The `pictures` or the `tables` of the page that can be taken along. */
    taken: (/** @type {"pictures" | "tables"} */ kind) =>
      Object.values(shown).flatMap((each) => /** @type {any[]} */ (each[kind]?.(store.get()) ?? [])),
    tables,
    openTable: async (/** @type {File} */ file) => (await shown.own.whole())?.openFile(file),
    keptCheckpoint: (/** @type {any} */ experiment) => shown.open.kept(experiment),
    askWeights: async (/** @type {any} */ of) => (await shown.weights.whole())?.ask(of),
    addDrawings: async (/** @type {any} */ form) => (await shown.pad.whole())?.addDrawings(form),
  };
  const tools = { ...held, ...scenes, offers, seek, refuse, timed: stats.add, all: root, store, choices, named };
  const shown = Object.fromEntries(
    FEATURES.map((each) => [each.name, putIn(each, region(each.slot), { ...tools, host, presses, storage })]),
  );
  stageTabs(region("network"), SIDES, shown, { store, named });
  tabs(region("tabs"), store, "tab", (name) => {
    root.dataset.tab = name;
  });
  for (const { keep } of FEATURES) keep?.(store, ask);
  store.set({ words: { ...words } });
  fetchWhatIsMissing(store, clock);
  store.on(["onPad"], ({ onPad }) => onPad && store.set({ tab: "side" })); // where the panels are tabs

  const marks = () =>
    ofLanes(
      Object.values(shown).flatMap((each) => each.marks?.(store.get()) ?? []),
      store.get(),
    );
  const readable = readings(store, { marks, stats: () => stats.summary(shown.network.painted) });
  return {
    run: Object.defineProperties({ open, start, change, seek, play, stop }, Object.getOwnPropertyDescriptors(readable)),
    view: { get: store.get, set: store.set, on: store.on },
    destroy() {
      store.life.end();
      undress(root);
    },
  };
}
