// The stories: a lesson and four to choose from under one headline, and of the one that is told a sentence to each moment.

import { oneOf, optional } from "../base/codecs.js";
import { ofView, RUN } from "../base/keys.js";
import { moves } from "../base/motion.js";
import { throttled } from "../base/throttle.js";
import { say } from "../base/words.js";
import { offered } from "../scene/named.js";
import { createConductor } from "./conductor.js";
import { OFFERED, sceneOf, STORIES } from "./stories.js";

const SCROLL = 300; // milliseconds, about

const storyOf = ({ story }) => STORIES.find(({ name }) => name === story) ?? null;

/**
 * Set up the stories in `root`, of the mount `all`, whose header has a button that offers them. `openScene(scene)` shows a
 * scene, from which one can come back, and tells whether it was done.
 */
function mount(root, { all, store, choices, clock, openScene, openLesson, host: { keys } }) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const offer = all.querySelector("[data-control=stories]");
  const conductor = createConductor({ store, clock, choices, all, own: root, keys }, storyOf);

  async function open(story) {
    const { name, brings } = story;
    const scene = sceneOf(story, offered(choices));
    const opened = await openScene({ ...scene, view: { ...scene.view, story: name } });
    if (!opened || store.get().story !== name) return;
    if (brings) {
      const region = all.querySelector(`[data-region=${brings}]`);
      region.scrollIntoView({ block: "nearest", behavior: moves(SCROLL) ? "smooth" : "auto" });
    }
    conductor.begin();
  }

  for (const story of STORIES) {
    root.querySelector(`[data-story=${story.name}]`).addEventListener("click", () => open(story));
  }
  root.querySelector("[data-story=tour]").addEventListener("click", () => openLesson("tour"));
  root.querySelector("[data-control=leave]").addEventListener("click", () => store.set({ story: null }));
  offer.addEventListener("click", () => store.set({ story: store.get().story === OFFERED ? null : OFFERED }));

  function write(state) {
    const story = storyOf(state);
    if (!story || !state.moment) return;
    const [name, blanks] = story.told(state, choices);
    const text = say(state.words, `story.${story.name}.${name}`, blanks);
    if (part("told").textContent !== text) part("told").textContent = text;
  }

  store.on(["story", "words"], (state) => {
    const { story, words } = state;
    root.hidden = story === null;
    part("offered").hidden = story !== OFFERED;
    part("telling").hidden = !storyOf(state);
    if (storyOf(state)) part("title").textContent = say(words, `story.${story}`);
    all.dataset.story = story ?? "";
    offer.setAttribute("aria-pressed", String(story === OFFERED));
    write(state);
  });
  store.on(["moment", "listing", "drawing"], throttled(store, write));
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const stories = {
  name: "stories",
  slot: "stories",
  state: { story: ofView(null, optional(oneOf([OFFERED, ...STORIES.map(({ name }) => name)])), RUN) }, // the one that is told
  mount,
};
