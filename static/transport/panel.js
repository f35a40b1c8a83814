// The transport: play, step, seek, grain, speed, and where we are, in words.

import { throttled } from "../base/throttle.js";
import { isAway } from "../base/dom.js";
import { forkHere } from "./fork.js";
import { listenToKeys } from "./keyboard.js";
import { pace } from "./pace.js";
import { count } from "../base/numbers.js";
import { goingOf } from "./going.js";
import { createPresses } from "./presses.js";
import { untilOf } from "./stops.js";
import { stepName } from "../tensor/steps.js";
import { locate } from "../base/time.js";
import { say } from "../base/words.js";
import { oneOf, whole } from "../base/codecs.js";
import { CHANGE, ofRun, ofView, passing, PRESET } from "../base/keys.js";

/** @import { Listing } from "../base/types.js" */
/** @import { Words } from "../base/words.js" */

/**
 * The position line, such as "t 13 · training step 0 · epoch 0 · backward · layer 2 · delta2".
 *
 * @param {Words} words
 * @param {Listing} listing
 * @param {number} t
 */
export function position(words, listing, t) {
  const { trainingStep, last } = locate(listing, t);
  const epoch = Math.floor(trainingStep / listing.steps_per_epoch);
  const parts = [
    `t ${count(t)}`,
    `${say(words, "training_step")} ${count(trainingStep)}`,
    `${say(words, "epoch")} ${count(epoch)}`,
  ];
  if (!last) return { place: parts.join(" · "), now: say(words, "position.start") };
  return { place: parts.join(" · "), now: stepName(words, last) };
}

/**
 * @param {Words} words
 * @param {number} speed
 */
function paceText(words, speed) {
  const rate = pace(speed);
  if (rate === Infinity) return say(words, "speed.full");
  if (rate < 1) return say(words, "speed.seconds", { seconds: (1 / rate).toFixed(1) });
  return say(words, "speed.rate", { rate: rate < 10 ? rate.toFixed(1) : count(Math.round(rate)) });
}

/** Have the button open its panel above `place`, which comes with its first opening; `key` is whether it is open. */
function openAbove(form, button, place, store, key) {
  button.popoverTargetElement = form;
  form.addEventListener("beforetoggle", () => {
    const { top } = place.getBoundingClientRect();
    form.style.setProperty("--left", `${button.getBoundingClientRect().left}px`);
    form.style.setProperty("--bottom", `${innerHeight - top + 6}px`);
  });
  form.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    store.set({ [key]: newState === "open" });
  });
  form.addEventListener("keydown", (event) => event.stopPropagation()); // keys do not step the run meanwhile
}

/** Show where the run is on its way to, {text, share, stops}, or nothing. */
function showWay(root, way, progress) {
  root.hidden = !way;
  if (!way) return;
  const [said, bar, stop] = root.children;
  if (said.textContent !== way.text) said.textContent = way.text;
  bar.hidden = way.share === null;
  bar.value = way.share ?? 0;
  bar.ariaLabel = progress;
  stop.hidden = !way.stops;
}

/** Have two buttons open the forms above them: where to run to, and where to stop. */
function openForms(root, runner, stopper, store) {
  openAbove(root.querySelector("[data-region=run-to]"), runner, runner, store, "runToOpen");
  openAbove(root.querySelector("[data-region=stop-when]"), stopper, root, store, "stopsOpen"); // what it stops stays in reach
  store.on(["stops"], ({ stops }) => stopper.classList.toggle("set", untilOf(stops).length > 0));
}

/**
 * Set up the transport in `root`; `keys` is where the keys are heard that play and step. `leave(by)` says that the moment is
 * left by a leap, from which one can come back.
 */
function mount(root, { store, clock, leave, fork, host: { keys } }) {
  const find = (name) => root.querySelector(`[data-control="${name}"]`);
  const [play, restart, back, forward, grain, speed, full, timeline] = [
    "play",
    "restart",
    "back",
    "forward",
    "grain",
    "speed",
    "full",
    "timeline",
  ].map(find);
  let speedBefore = null;
  let sliding = false; // whether the timeline's slider is being dragged

  const { press, plays } = createPresses(store, () => showButtons(store.get()));
  const toggle = () => (plays() ? press(clock.stop, false) : press(clock.play, true));
  const step = (unit) => press(() => clock.step(unit), false);
  const stepBack = (unit) => press(() => clock.stepBack(unit), false);
  play.addEventListener("click", toggle);
  restart.addEventListener("click", () => press(() => clock.jump(0), false));
  back.addEventListener("click", () => stepBack(store.get().grain));
  forward.addEventListener("click", () => step(store.get().grain));
  grain.addEventListener("change", () => store.set({ grain: grain.value }));
  speed.addEventListener("input", () => store.set({ speed: Number(speed.value) }));
  timeline.addEventListener("input", () => {
    if (!sliding) leave("timeline");
    sliding = true;
    clock.seek(Number(timeline.value));
  });
  timeline.addEventListener("change", () => {
    sliding = false;
  });
  find("give-up").addEventListener("click", clock.stop);
  full.addEventListener("click", () => press(toggleFull, true));
  openForms(root, find("run-to"), find("stop-when"), store);

  const forks = () => press(() => forkHere(store, fork), false);
  find("fork").addEventListener("click", forks);

  function toggleFull() {
    const { speed: now, playing } = store.get();
    if (now === 100 && playing) {
      store.set({ speed: speedBefore ?? 30 });
      return;
    }
    if (now !== 100) speedBefore = now;
    store.set({ speed: 100 });
    if (!playing) clock.play();
  }

  /** What a button does, for keys: nothing where it is away. */
  const unlessAway =
    (button, act) =>
    (...given) =>
      isAway(button) || act(...given);
  listenToKeys(keys, root.ownerDocument, store, {
    toggle: unlessAway(play, toggle),
    step: unlessAway(forward, step),
    stepBack: unlessAway(back, stepBack),
    fork: unlessAway(find("fork"), forks),
  });

  function showButtons({ words, speed: now, grain: chosen }) {
    const playing = plays();
    play.dataset.label = play.dataset.hint = playing ? "pause" : "play";
    play.setAttribute("aria-label", say(words, playing ? "pause" : "play"));
    play.title = say(words, playing ? "pause.hint" : "play.hint");
    play.dataset.hint = playing ? "pause.hint" : "play.hint";
    play.classList.toggle("playing", playing);
    root.querySelector(".position").setAttribute("aria-live", playing ? "off" : "polite");
    full.setAttribute("aria-pressed", String(now === 100));
    speed.value = String(now);
    speed.setAttribute("aria-valuetext", paceText(words, now));
    root.querySelector("[data-show=pace]").textContent = paceText(words, now);
    grain.value = chosen;
  }

  function showPlace(state) {
    const { moment, listing, words, furthest } = state;
    if (!moment || !listing) return;
    const { place, now } = position(words, listing, moment.t);
    root.querySelector("[data-show=place]").textContent = `${place} · `;
    root.querySelector("[data-show=now]").textContent = now;
    timeline.max = String(Math.max(furthest, listing.segments[0].program.length));
    timeline.value = String(moment.t);
    timeline.style.setProperty("--done", `${(100 * moment.t) / Number(timeline.max)}%`);
    timeline.style.setProperty("--known", `${(100 * furthest) / Number(timeline.max)}%`);
    timeline.setAttribute("aria-valuetext", `t ${moment.t}`);
    back.disabled = restart.disabled = moment.t === 0;
    showWay(root.querySelector("[data-show=going]"), goingOf(state), say(words, "going.progress"));
  }

  store.on(["playing", "words", "speed", "grain"], showButtons);
  store.on(["moment", "listing", "words", "furthest", "wanted", "runTo"], throttled(store, showPlace));
  showButtons(store.get());
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const transport = {
  name: "transport",
  slot: "transport",
  state: {
    grain: ofView("layer", oneOf(["equation", "layer", "training_step", "epoch"])),
    speed: ofView(16, whole(0, 100), PRESET),
  },
  mount,
};

/**
 * Run to an epoch, a training step, a loss or an accuracy: the form comes when it is first opened.
 *
 * @type {import("../base/feature.js").Feature}
 */
export const runTo = {
  name: "run_to",
  slot: "run-to",
  state: {
    runToOpen: passing(false), // whether the form is open
    runTo: ofRun(null, CHANGE), // the goal, {what, value, of, within, t, from}, and where its way has ended, {end, at}
  },
  watches: ["runToOpen"],
  wanted: ({ runToOpen }) => runToOpen,
  load: () => import("./run_to_panel.js"),
};
