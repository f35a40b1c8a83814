// The page, put together: the only file that knows all the others.

import { createClock } from "./transport/clock.js";
import { connect, Lost, Refused } from "./ask/connection.js";
import { upTo } from "./state/curve.js";
import { keepDiagnosed } from "./health/diagnosis.js";
import { keepEvaluated } from "./charts/evaluation.js";
import { Moment } from "./ask/frame.js";
import { diagnosisPanel } from "./health/panel.js";
import { checkPanel } from "./inspector/check.js";
import { examplePanel } from "./network/example.js";
import { experimentPanel } from "./setup/panel.js";
import { headerPanel } from "./page/header.js";
import { inspectorPanel } from "./inspector/panel.js";
import { learnedPanel } from "./learned/panel.js";
import { lossPanel } from "./charts/panel.js";
import { networkPanel } from "./network/panel.js";
import { noticesPanel } from "./page/notices.js";
import { openPanel } from "./page/open.js";
import { padPanel } from "./pad/panel.js";
import { planePanel } from "./plane/panel.js";
import { sidePanel } from "./page/side.js";
import { stagePanel } from "./network/sides.js";
import { stepPanel } from "./inspector/now/panel.js";
import { tabs } from "./base/tabs.js";
import { thoughtPanel } from "./network/thought_panel.js";
import { transportPanel } from "./transport/panel.js";
import { createRun } from "./state/run.js";
import { createStats } from "./base/stats.js";
import { KEYS } from "./keys.js";
import { createStore } from "./state/store.js";
import { keepCost } from "./pad/teaching.js";
import { segmentAt } from "./base/time.js";
import { same } from "./scene/difference.js";
import { checkFormat } from "./scene/format.js";
import { keepScene, sceneOf } from "./scene/keep.js";
import { checkNamed, nameOf, offered } from "./scene/named.js";
import { leftOut } from "./scene/told.js";
import { valuesOf } from "./scene/view.js";
import { frameRate, isPartial, watchFor } from "./ask/watch.js";

const FIRST_PRESET = "xor";

const { words, choices } = JSON.parse(document.getElementById("page-data").textContent);
const region = (name) => document.querySelector(`[data-region="${name}"]`);
const stats = createStats();

const { theme, themeChoice } = document.documentElement.dataset;
const asked = new URL(location.href).searchParams.get("lang");
const language = choices.languages.includes(asked) ? asked : null;
const store = createStore(KEYS, { words, theme, themeChoice, language });
const offers = offered(choices);

/** The window's address; what is kept beside it comes back with reloading, back and forward. */
const address = {
  get: () => ({ href: location.href, kept: history.state }),
  put: (href, kept, anew) => (anew ? history.pushState(kept, "", href) : history.replaceState(kept, "", href)),
  moved: (listener) => addEventListener("popstate", listener),
};

const connection = connect(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`, {
  opened: resume,
  lost: () => store.set({ connected: false }),
  timed: stats.add,
});
const run = createRun(connection);

async function fetchMoment(t, seconds) {
  await run.there();
  const { listing } = store.get();
  const watch = watchFor(store.get());
  const frame = await connection.request("seek", { t, seconds, watch });
  return new Moment(frame, listing.tensors, watch?.updates);
}

function showMoment(moment, gestureTime) {
  const { listing, furthest } = store.get();
  if (moment.axes !== listing.tensors) return;
  store.set({ gestureTime, furthest: Math.max(furthest, moment.t), moment });
}

async function ask(question, t, fields) {
  await run.there();
  const reply = await connection.request("ask", { question, t, ...fields });
  return reply.answer ?? reply;
}

/** The frame of the very moment t, however many answers it takes to get there. */
async function frameAt(t, watch) {
  for (;;) {
    const frame = await connection.request("seek", { t, watch });
    if (frame.t === t) return frame;
  }
}

/** The whole moment t as the safetensors file in which it travels. */
async function fetchFile(t) {
  await run.there();
  return (await frameAt(t)).file;
}

const paced = createClock(store, fetchMoment, showMoment, () => frameRate(store.get()), refuse);
const clock = {
  ...paced,
  /** Go to t by a leap, from which one can come back. */
  jump(t) {
    scene.leave();
    return paced.seek(t);
  },
};

/** Begin another run, which makes be forgotten what goes with it: with any "run", or more with a "preset". */
async function begin(experiment, t, happens = "run") {
  await run.begin(async (request) => {
    const { listing } = await request("start", { experiment, t });
    clock.stop();
    store.forget(happens, { listing, ...nameOf(listing.experiment, offers) });
  });
}

let newest = null; // the scene that was asked for last, until something else is

/** Do what makes another scene, from which one can come back. */
async function leaving(work) {
  scene.leave();
  try {
    await work();
  } catch (error) {
    scene.stay();
    throw error;
  }
}

/** Begin another run at its beginning; rejects with what was refused, and then nothing has changed. */
async function start(experiment, happens) {
  newest = null;
  await leaving(() => begin(experiment, 0, happens));
  await clock.seek(0);
  return true;
}

/** Change this run at the moment that is shown. */
async function change(write) {
  const { t } = store.get().moment;
  clock.stop();
  await leaving(() => changeAt(t, write));
  if (store.get().wanted === null) await clock.seek(t); // unless a person has gone on meanwhile
}

async function changeAt(t, write) {
  await run.change(async (request) => {
    const { listing } = await request("change", { t, ...write });
    const frame = await frameAt(t, watchFor(store.get()));
    const { furthest, curves } = store.get();
    const moment = new Moment(frame, listing.tensors); // with the listing, so that no number is another experiment's
    const named = nameOf(listing.experiment, offers);
    store.forget("change", { listing, ...named, moment, furthest: t, curves: upTo(curves, t) });
    if (furthest > t) store.set({ notice: { text: "change.dropped" } });
  });
}

/** The line is there: begin with what the address asks for, or go on where the page was. */
async function resume() {
  store.set({ connected: true, wanted: null });
  const { listing, moment } = store.get();
  try {
    if (listing) {
      await run.again((request) => startAgain(request, listing.experiment));
      const { playing, wanted } = store.get(); // what a person has wished for meanwhile goes before
      if (playing) clock.play();
      else if (wanted === null) await clock.seek(moment?.t ?? 0);
    } else {
      await open(scene.wished() ?? { experiment: choices.presets[FIRST_PRESET] });
    }
  } catch (error) {
    if (error instanceof Refused) refuse(error);
    else if (!(error instanceof Lost)) throw error;
  }
}

/** Start the run of this page at a server that has lost it; one that has begun anew needs its checkpoint again. */
async function startAgain(request, experiment) {
  try {
    await request("start", { experiment });
  } catch (error) {
    if (!(error instanceof Refused) || !(await opener.again(experiment))) throw error;
    await request("start", { experiment });
  }
}

/** Show what was refused where the experiment is; where the panels are tabs, bring that one to the front. */
function refuse(error) {
  store.set({ tab: "experiment" });
  experiment.complain(error);
}

/** Do what begins a run or may; where it is refused, say so and keep what there is. Tells whether it was done. */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Lost) return false;
    if (!(error instanceof Refused)) throw error;
    if (!store.get().listing) await start(choices.presets[FIRST_PRESET]);
    refuse(error);
    return false;
  }
}

/** Show a scene, {format, experiment, t, view}, and nothing else; where it is refused, all stays. Tells which it was. */
function open(/** @type {any} */ { format = 1, experiment: plain, t = 0, view = {}, unknown }) {
  const mine = {};
  newest = mine;
  return attempt(async () => {
    checkFormat(format);
    checkNamed(unknown, offers);
    await run.there().catch(() => {}); // whether a run that has been lost could go on does not matter
    if (newest !== mine) return false;
    const { listing } = store.get();
    if (!listing || !same(plain, listing.experiment)) await begin(plain, t);
    clock.stop();
    const { values, late, ...told } = valuesOf(view, KEYS, { ...store.get(), languages: choices.languages });
    store.set(values);
    const notice = leftOut(told);
    if (notice) store.set({ notice });
    await clock.seek(t);
    if (newest === mine) store.set(late);
    return true;
  });
}

/** Show the scene of a file, from which one can come back. */
async function openFile(wish) {
  scene.leave();
  const opened = await open(wish);
  if (!opened) scene.stay();
  return opened;
}

const startPreset = (plain) => attempt(() => start(plain, "preset"));

const scene = keepScene(store, { offers, languages: choices.languages, address }, open);
headerPanel(region("header"), store, choices, { start: startPreset, link: scene.link });
const network = networkPanel(region("network"), store);
const learned = learnedPanel(region("learned"), store, { ask, seek: clock.jump });
stagePanel(region("network"), store);
examplePanel(region("example"), store);
transportPanel(region("transport"), store, clock, scene.leave);
const experiment = experimentPanel(region("experiment"), store, choices, { start, change });
diagnosisPanel(region("diagnosis"), store, choices, change);
const loss = lossPanel(region("loss"), store);
const plane = planePanel(region("plane"), store, ask);
const pad = padPanel(region("pad"), store, {
  ask,
  change,
  seek: clock.seek,
  openDigits: () => startPreset(choices.presets.digits_best),
});
const thought = thoughtPanel(region("network"), store);
inspectorPanel(region("inspector"), store, { ask, change, fetchFile, timed: stats.add });
stepPanel(region("inspector"), store, ask);
checkPanel(region("inspector"), store, ask);
sidePanel(region("side"), document.body, store);
const opener = openPanel(region("header"), store, choices.limits, {
  open: openFile,
  start: startPreset,
  addDrawings: pad.addDrawings,
  refuse,
});
noticesPanel(region("notices"), store, ask, clock);
tabs(region("tabs"), store, "tab", (name) => {
  document.body.dataset.tab = name;
});
keepEvaluated(store, ask);
keepDiagnosed(store, ask);
keepCost(store, ask);
store.set({ words: { ...words } });

// Large networks send only what is drawn: another example, other units, or the rest once it rests, must be fetched.
store.on(["example", "units"], (state) => {
  if (state.moment && !state.playing && isPartial(state)) clock.seek(state.moment.t);
});
store.on(["playing"], (state) => {
  if (state.moment?.frame.units && !state.playing && state.wanted === null && !isPartial(state))
    clock.seek(state.moment.t);
});

// Where the panels are tabs, what is put onto the pad brings the pad to the front.
store.on(["onPad"], ({ onPad }) => onPad && store.set({ tab: "side" }));

// The updates that are applied are sent only while the arrows show them.
store.on(["arrows", "playing"], ({ moment, arrows, playing, wanted }) => {
  if (arrows === "update" && moment && !moment.updates && !playing) clock.seek(wanted ?? moment.t);
});

// plotly.js is large: it comes once the network is there.
let charts = false;
store.on(["moment"], ({ moment }) => {
  if (charts || !moment) return;
  charts = true;
  requestAnimationFrame(() => setTimeout(loss.begin, 50));
});

const copied = (value) => JSON.parse(JSON.stringify(value));
Object.defineProperty(window, "backscope", {
  value: Object.freeze({
    get t() {
      return store.get().moment?.t ?? null;
    },
    get experiment() {
      return copied(store.get().listing?.experiment ?? null);
    },
    get scene() {
      return copied(sceneOf(store.get(), KEYS));
    },
    get view() {
      return copied(sceneOf(store.get(), KEYS)?.view ?? null);
    },
    get listing() {
      const { listing, moment } = store.get();
      if (!listing) return null;
      const { program, grains } = segmentAt(listing, Math.max(0, (moment?.t ?? 0) - 1));
      return copied({ ...listing, program, grains });
    },
    tensor(name) {
      const tensor = store.get().moment?.tensor(name);
      return tensor ? { shape: [...tensor.shape], data: [...tensor.data] } : null;
    },
    marks: () => [thought.isShown() ? thought : network, learned, plane, pad, loss].flatMap((panel) => panel.marks()),
    stats: () => stats.summary(network.painted),
  }),
});
