// The header: presets, sharing, language, theme.

import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { moves } from "../base/motion.js";
import { apply, say } from "../base/words.js";
import { fileNameOf, textOf } from "../scene/file.js";
import { sceneOf } from "../scene/keep.js";
import { unusual } from "../scene/view.js";

const SCROLL = 300; // milliseconds, about
const THEMES = ["auto", "light", "dark"];

/** The presets as buttons; the one whose experiment is running is marked. */
function presetButtons(root, store, presets, start) {
  const buttons = Object.entries(presets).map(([name, experiment]) => {
    const button = make("button", { type: "button", className: "chip" });
    button.dataset.word = `preset.${name}`;
    button.dataset.hint = `preset.${name}.hint`;
    button.addEventListener("click", () => start(experiment));
    return button;
  });
  root.replaceChildren(...buttons);
  store.on(["listing", "preset"], ({ preset }) => {
    Object.keys(presets).forEach((name, i) => buttons[i].setAttribute("aria-pressed", String(name === preset)));
  });
}

/** A button that scrolls a list which has no room for all: onward, and back from its end. It is hidden where all fits. */
function scrollButton(button, list, store) {
  const isAtEnd = () => list.scrollLeft + list.clientWidth >= list.scrollWidth - 1;

  function show() {
    button.hidden = list.scrollWidth <= list.clientWidth;
    button.textContent = isAtEnd() ? "‹" : "›";
    button.ariaLabel = button.title = say(store.get().words, isAtEnd() ? "presets.back" : "presets.more");
  }

  button.addEventListener("click", () => {
    const left = isAtEnd() ? 0 : list.scrollLeft + 0.8 * list.clientWidth;
    list.scrollTo({ left, behavior: moves(SCROLL) ? "smooth" : "auto" });
  });
  list.addEventListener("scroll", show);
  store.on(["words"], show);
  store.life.resized(show, list);
}

/** The scenarios of troubles and cures, as a list to choose from. */
function scenarioList(select, store, scenarios, start) {
  select.addEventListener("change", () => select.value && start(scenarios[select.value].experiment));
  store.on(["words", "scenario"], ({ words, scenario }) => {
    const options = Object.keys(scenarios).map((name) =>
      make("option", { value: name, textContent: say(words, `scenario.${name}`) }),
    );
    select.replaceChildren(make("option", { value: "", textContent: say(words, "scenarios.choose") }), ...options);
    select.value = scenario ?? "";
  });
}

/**
 * Set up the header in `root`, of the mount `all`. `host` gives the theme and the words of other languages; `link()` is
 * the address of what is shown, {href, kept}. What there is not is not offered.
 */
function mount(root, { all, store, choices, host, startPreset: start, link }) {
  const theme = root.querySelector("[data-control=theme]");
  const language = root.querySelector("[data-control=language]");
  const share = root.querySelector("[data-control=share]");
  const save = root.querySelector("[data-control=save]");
  presetButtons(root.querySelector("[data-part=presets]"), store, choices.presets, start);
  scrollButton(root.querySelector("[data-control=more]"), root.querySelector("[data-part=presets]"), store);
  scenarioList(root.querySelector("[data-control=scenarios]"), store, choices.scenarios, start);

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

  save.addEventListener("click", () => {
    const state = store.get();
    const scene = sceneOf(state, store.keys);
    if (scene) download(fileNameOf(scene, state), textOf({ ...scene, view: unusual(scene.view, store.keys) }));
  });

  store.on(["words", "themeChoice"], ({ words, themeChoice: chosen }) => {
    apply(words, all);
    theme.setAttribute("aria-label", say(words, "theme", { theme: say(words, `theme.${chosen}`) }));
    theme.title = theme.getAttribute("aria-label");
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const header = { name: "header", slot: "header", mount };
