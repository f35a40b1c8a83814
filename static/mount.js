// A whole Backscope in one element: its run, its view, and the panels that show both. Any number of them live in a page.

import { createStats } from "./base/stats.js";
import { tabs } from "./base/tabs.js";
import { segmentAt } from "./base/time.js";
import { isPartial } from "./ask/watch.js";
import { keepAddress, read } from "./state/address.js";
import { KEYS } from "./state/keys.js";
import { createStore } from "./state/store.js";
import { holdRun } from "./transport/run.js";
import { transportPanel } from "./transport/panel.js";
import { examplePanel } from "./network/example.js";
import { networkPanel } from "./network/panel.js";
import { stageTabs } from "./network/sides.js";
import { thoughtPanel } from "./network/thought_panel.js";
import { keepEvaluated } from "./charts/evaluation.js";
import { lossPanel } from "./charts/panel.js";
import { keepDiagnosed } from "./health/diagnosis.js";
import { diagnosisPanel } from "./health/panel.js";
import { experimentPanel } from "./setup/panel.js";
import { learnedPanel } from "./learned/panel.js";
import { planePanel } from "./plane/panel.js";
import { padPanel } from "./pad/panel.js";
import { keepCost } from "./pad/teaching.js";
import { checkPanel } from "./inspector/check.js";
import { stepPanel } from "./inspector/now/panel.js";
import { inspectorPanel } from "./inspector/panel.js";
import { headerPanel } from "./page/header.js";
import { quietHost } from "./page/host.js";
import { claim } from "./page/markup.js";
import { noticesPanel } from "./page/notices.js";
import { openPanel } from "./page/open.js";
import { sidePanel } from "./page/side.js";

const FIRST_PRESET = "xor";

/** The sides of the stage, in the order of their tabs. */
const SIDES = [{ name: "network" }, { name: "learned" }];

/** Large networks send only what is drawn: another example, other units, or the rest once it rests, must be fetched. */
function fetchWhatIsMissing(store, clock) {
  store.on(["example", "units"], (state) => {
    if (state.moment && !state.playing && isPartial(state)) clock.seek(state.moment.t);
  });
  store.on(["playing"], (state) => {
    if (state.moment?.frame.units && !state.playing && state.wanted === null && !isPartial(state))
      clock.seek(state.moment.t);
  });
  // The updates that are applied are sent only while the arrows show them.
  store.on(["arrows", "playing"], ({ moment, arrows, playing, wanted }) => {
    if (arrows === "update" && moment && !moment.updates && !playing) clock.seek(wanted ?? moment.t);
  });
}

/** plotly.js is large: it comes once the network is there. */
function chartWhenThere(store, loss) {
  let begun = false;
  store.on(["moment"], ({ moment }) => {
    if (begun || !moment) return;
    begun = true;
    store.life.frame(() => store.life.later(loss.begin, 50));
  });
}

const plain = (value) => JSON.parse(JSON.stringify(value));

/** What may be read of a run and of what is drawn of it. */
function readings(store, { marks, stats }) {
  return {
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
 * `run` has what may be read, {t, experiment, listing, tensor, marks, stats}, and what moves it, {open, start, change,
 * seek, play, stop}. `view` reads, sets and hears of the values that `state/keys.js` declares: {get, set, on}. `destroy`
 * ends all of it and leaves the element empty.
 *
 * @param {HTMLElement} root
 * @param {(hears: {opened: () => void, lost: () => void, timed: (times: object) => void}) => any} transport
 * @param {{words: import("./base/words.js").Words, choices: any}} catalogue
 * @param {Partial<import("./page/host.js").Host> & {themeChoice?: string}} [offered]
 */
export function mount(root, transport, { words, choices }, { themeChoice = "auto", ...offered } = {}) {
  const host = { ...quietHost(root), ...offered };
  const named = claim(root);
  const region = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (root.querySelector(`[data-region="${name}"]`));
  const stats = createStats();
  const store = createStore(KEYS, { words, theme: host.theme.of(themeChoice), themeChoice });
  const { life } = store;
  if (host.keys === root) root.tabIndex = -1; // so that it can have the focus

  /** Have the element in the theme and language that are chosen, before the panels hear of it, which read the colours. */
  function dress(state) {
    root.dataset.theme = state.theme;
    root.lang = state.words["language.code"];
  }
  store.on(["theme", "words"], dress);
  dress(store.get());

  /** Show what was refused where the experiment is; where the panels are tabs, bring that one to the front. */
  function refuse(error) {
    store.set({ tab: "experiment" });
    experiment.complain(error);
  }
  const { ask, fetchFile, start, change, open, clock } = holdRun(store, transport, {
    wished: () => host.address && read(host.address.read()),
    first: { experiment: choices.presets[FIRST_PRESET], t: 0, preset: FIRST_PRESET },
    restore: (experimentOf) => opener.again(experimentOf),
    refuse,
    timed: stats.add,
  });
  const startPreset = (form, preset, scenario = null) => open({ experiment: form, t: 0, preset, scenario });
  const { presses, storage } = host;

  headerPanel(region("header"), root, store, choices, { start: startPreset, host });
  const network = networkPanel(region("network"), store);
  const learned = learnedPanel(region("learned"), store, { ask, seek: clock.seek, presses });
  stageTabs(region("network"), SIDES, { store, named });
  examplePanel(region("example"), store);
  transportPanel(region("transport"), store, clock, host.keys);
  const experiment = experimentPanel(region("experiment"), store, choices, { start, change });
  diagnosisPanel(region("diagnosis"), store, choices, change);
  const loss = lossPanel(region("loss"), store);
  const plane = planePanel(region("plane"), store, ask);
  const pad = padPanel(region("pad"), {
    store,
    named,
    ask,
    change,
    seek: clock.seek,
    openDigits: () => startPreset(choices.presets.digits_best, "digits_best"),
    presses,
    storage,
  });
  const thought = thoughtPanel(region("network"), store);
  inspectorPanel(region("inspector"), { store, ask, change, fetchFile, timed: stats.add, presses, named });
  stepPanel(region("inspector"), store, ask);
  checkPanel(region("inspector"), store, ask);
  sidePanel(region("side"), root, store);
  const opener = openPanel(region("header"), root, store, choices.limits, { open, refuse });
  noticesPanel(region("notices"), store, ask, clock);
  tabs(region("tabs"), store, "tab", (name) => {
    root.dataset.tab = name;
  });
  keepEvaluated(store, ask);
  keepDiagnosed(store, ask);
  keepCost(store, ask);
  if (host.address) keepAddress(store, host.address, open);
  store.set({ words: { ...words } });
  fetchWhatIsMissing(store, clock);
  store.on(["onPad"], ({ onPad }) => onPad && store.set({ tab: "side" })); // where the panels are tabs
  chartWhenThere(store, loss);

  const marks = () =>
    [thought.isShown() ? thought : network, learned, plane, pad, loss].flatMap((panel) => panel.marks());
  const { seek, play, stop } = clock;
  const readable = readings(store, { marks, stats: () => stats.summary(network.painted) });
  return {
    run: Object.defineProperties({ open, start, change, seek, play, stop }, Object.getOwnPropertyDescriptors(readable)),
    view: { get: store.get, set: store.set, on: store.on },
    destroy() {
      life.end();
      root.replaceChildren();
      root.classList.remove("dropping");
      for (const name of ["mount", "theme", "tab", "wide"]) delete root.dataset[name];
      for (const name of ["lang", "tabindex"]) root.removeAttribute(name);
    },
  };
}
