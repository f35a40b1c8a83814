// Leads a story that plays: it slows down and stops where the story says so, and lets go where the person does something.

import { moves } from "../base/motion.js";

const LEAD = 1200; // milliseconds before a story begins to play
const MOTION = 1000; // milliseconds of a motion that is not asked for: none where less motion is wished for
const QUIET = ["Tab", "Shift", "Control", "Alt", "Meta"]; // keys that do nothing by themselves

/**
 * `storyOf(state)` is the story that is told, or null. What a person does in `all`, outside of `own`, or by the keys that
 * `keys` hears of, ends that the story plays on by itself; where the person plays on, it is led again. Returns `begin()`,
 * which has the story play that has just been opened.
 */
export function createConductor({ store, clock, choices, all, own, keys }, storyOf) {
  const { life } = store;
  let led = null; // {story, stop, speed, from}: the story that plays, its next stop, the speed set last and that at first
  let due = null; // the timer after which it goes on

  function letGo() {
    led = null;
    life.cancel(due);
    due = null;
  }

  function playAfter(milliseconds) {
    if (moves(MOTION)) due = life.later(clock.play, milliseconds);
  }

  /** Lead the story that begins to play, unless a person has it play at full speed or it has come to its end. */
  function lead(state) {
    letGo();
    const story = state.playing && state.moment && storyOf(state);
    if (!story || state.speed === 100) return;
    const stop = story.stops(state.listing).find((t) => t > state.moment.t);
    if (stop !== undefined) led = { story, stop, speed: state.speed, from: state.speed };
  }

  function arrive({ story, stop }, { listing }) {
    clock.stop();
    if (story.rest && stop !== story.stops(listing).at(-1)) playAfter(story.rest);
  }

  /** Become slower towards the stop. */
  function slow({ listing, moment: { t } }) {
    const { since, speed } = led.story.slows(listing);
    const share = Math.max(0, (t - since) / (led.stop - since));
    led.speed = Math.round(led.from + (Math.min(speed, led.from) - led.from) * share);
    store.set({ speed: led.speed });
  }

  store.on(["playing"], lead);
  store.on(["speed"], ({ speed }) => led && speed !== led.speed && letGo());
  store.on(["moment"], (state) => {
    if (!led || !state.moment) return;
    if (state.moment.t >= led.stop) arrive(led, state);
    else if (led.story.slows) slow(state);
  });
  store.on(["story"], letGo);
  store.on(["listing"], (state) => {
    if (storyOf(state)?.goesOn?.(state.listing, choices)) playAfter(0);
  });
  life.listen(all, "click", ({ target }) => own.contains(target) || letGo(), true);
  life.listen(all, "input", letGo, true);
  life.listen(keys, "keydown", ({ key }) => QUIET.includes(key) || letGo(), true);

  return {
    begin() {
      if (storyOf(store.get())?.plays) playAfter(LEAD);
    },
  };
}
