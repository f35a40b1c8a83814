// The header: lessons, sharing, language, theme.

import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { apply, say } from "../base/words.js";
import { fileNameOf, textOf } from "../scene/file.js";
import { sceneOf } from "../scene/keep.js";
import { unusual } from "../scene/view.js";

// What lies beside the stage, or on it: the control in the header, the store's value, what it is first, and when it is away.
const BESIDE = [
  ["lessons", "lesson", ""],
  ["practice", "practice", "questions"],
  ["laboratory", "stage", "laboratory", "network"],
];
const THEMES = ["auto", "light", "dark"];

/**
 * Set up the header in `root`, of the mount `all`. `host` gives the theme and the words of other languages; `link()` is
 * the address of what is shown, {href, kept}; `tables()` resolves to the tables of a person's own data, and
 * `keptCheckpoint(experiment)` to the checkpoint that its scene's file holds, in base64, or to null. What there is not is
 * not offered.
 */
function mount(root, { all, store, choices, host, link, tables, keptCheckpoint }) {
  const theme = root.querySelector("[data-control=theme]");
  const language = root.querySelector("[data-control=language]");
  const share = root.querySelector("[data-control=share]");
  const save = root.querySelector("[data-control=save]");

  const dress = ({ themeChoice: choice }) => store.set({ theme: host.theme.of(choice) });
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(store.get().themeChoice) + 1) % THEMES.length];
    host.theme.prefer(next);
    store.set({ themeChoice: next });
  });
  store.on(["themeChoice"], dress);
  store.life.atEnd(host.theme.changed(() => dress(store.get())));

  const unsaid = make("small", { className: "refused", role: "alert" });
  let spoken = language.value;
  language.hidden = !host.words;
  language.addEventListener("change", () => store.set({ language: language.value }));
  store.on(["language"], async ({ language: chosen }) => {
    if (!chosen || !host.words) return;
    language.value = chosen;
    unsaid.remove();
    const words = await host.words(chosen).catch(() => null);
    if (store.get().language !== chosen) return; // another one has been chosen meanwhile
    if (words) {
      spoken = chosen;
      store.set({ words });
    } else {
      unsaid.textContent = say(store.get().words, "language.lost");
      language.after(unsaid);
      language.value = spoken;
      store.set({ language: null });
    }
  });

  share.hidden = !link;
  share.addEventListener("click", async () => {
    let done = true;
    const { href, kept } = link();
    try {
      await navigator.clipboard.writeText(href);
    } catch {
      done = false;
    }
    const notice = { text: done ? "share.done" : "share.by_hand" };
    store.set({ notice: kept ? [notice, { text: "scene.too_long" }] : notice });
  });

  const forClass = root.querySelector("[data-control=class]");
  forClass.hidden = !link;
  forClass.addEventListener("click", () => store.set({ classOpen: true }));
  root.querySelector("[data-control=along]").addEventListener("click", () => store.set({ alongOpen: true }));

  save.addEventListener("click", async () => {
    const state = store.get();
    const scene = sceneOf(state, store.keys);
    if (!scene) return;
    const { content } = scene.experiment.dataset;
    const data = content && (await tables().catch(() => null))?.get(content);
    const checkpoint = await keptCheckpoint(scene.experiment);
    const { start } = scene.experiment;
    if (start && !checkpoint && !(start in choices.trained)) store.set({ notice: { text: "save.without" } });
    const beside = { ...(data && { data }), ...(checkpoint && { checkpoint }) };
    download(fileNameOf(scene, state), textOf({ ...scene, view: unusual(scene.view, store.keys) }, beside));
  });

  for (const [control, name, first, away = null] of BESIDE) {
    const button = root.querySelector(`[data-control=${control}]`);
    button.addEventListener("click", () => store.set({ [name]: store.get()[name] === first ? away : first }));
    const isThere = (value) => (away === null ? value !== null : value === first);
    store.on([name], (state) => button.setAttribute("aria-pressed", String(isThere(state[name]))));
  }

  store.on(["words", "themeChoice"], ({ words, themeChoice: chosen }) => {
    apply(words, all);
    theme.setAttribute("aria-label", say(words, "theme", { theme: say(words, `theme.${chosen}`) }));
    theme.title = theme.getAttribute("aria-label");
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const header = { name: "header", slot: "header", mount };
