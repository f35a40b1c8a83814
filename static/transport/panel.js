// The transport: play, step, seek, grain, speed, and where we are, in words.

import { throttled } from "../base/throttle.js";
import { listenToKeys } from "./keyboard.js";
import { pace } from "./pace.js";
import { count } from "../base/numbers.js";
import { createPresses } from "./presses.js";
import { stepName } from "../tensor/steps.js";
import { locate, segmentAt } from "../base/time.js";
import { say } from "../base/words.js";
import { oneOf, whole } from "../base/codecs.js";
import { ofView, PRESET } from "../base/keys.js";

/** @import { Listing } from "../base/types.js" */
/** @import { Words } from "../base/words.js" */

/**
 * The position line, such as "t 13 · training step 0 · backward · layer 2 · delta2".
 *
 * @param {Words} words
 * @param {Listing} listing
 * @param {number} t
 */
export function position(words, listing, t) {
  const { trainingStep, last } = locate(listing, t);
  const parts = [`t ${count(t)}`, `${say(words, "training_step")} ${count(trainingStep)}`];
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

/**
 * Set up the transport in `root`; `keys` is where the keys are heard that play and step. `leave(by)` says that the moment is
 * left by a leap, from which one can come back.
 */
function mount(root, { store, clock, leave, host: { keys } }) {
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

  listenToKeys(keys, root.ownerDocument, store, { toggle, step, stepBack });

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

  function showPlace({ moment, listing, words, furthest, wanted }) {
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
    const going = wanted !== null && Math.abs(wanted - moment.t) > segmentAt(listing, moment.t).program.length;
    const wayTo = root.querySelector("[data-show=going]");
    wayTo.hidden = !going;
    if (going) wayTo.querySelector("span").textContent = say(words, "going", { t: count(wanted) });
  }

  store.on(["playing", "words", "speed", "grain"], showButtons);
  store.on(["moment", "listing", "words", "furthest", "wanted"], throttled(store, showPlace));
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
