// The header: presets, sharing, language, theme.

import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { apply, say } from "../base/words.js";
import { fileNameOf, textOf } from "../scene/file.js";
import { sceneOf } from "../scene/keep.js";
import { unusual } from "../scene/view.js";

const THEMES = ["auto", "light", "dark"];

function prefer(name, value) {
  try {
    localStorage.setItem(`backscope.${name}`, value);
  } catch {
    /* without storage the choice lasts as long as the page */
  }
}

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

/** `start(experiment)` begins a preset or scenario; `link()` is the address of what is shown, {href, kept}. */
export function headerPanel(root, store, choices, { start, link }) {
  const theme = root.querySelector("[data-control=theme]");
  const language = root.querySelector("[data-control=language]");
  const share = root.querySelector("[data-control=share]");
  const save = root.querySelector("[data-control=save]");
  presetButtons(root.querySelector("[data-part=presets]"), store, choices.presets, start);
  scenarioList(root.querySelector("[data-control=scenarios]"), store, choices.scenarios, start);

  const system = matchMedia("(prefers-color-scheme: dark)");
  function dress({ themeChoice: choice }) {
    const dark = choice === "auto" ? system.matches : choice === "dark";
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    store.set({ theme: dark ? "dark" : "light" });
  }
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(store.get().themeChoice) + 1) % THEMES.length];
    prefer("theme", next);
    store.set({ themeChoice: next });
  });
  store.on(["themeChoice"], dress);
  system.addEventListener("change", () => dress(store.get()));

  language.addEventListener("change", () => store.set({ language: language.value }));
  store.on(["language"], async ({ language: chosen }) => {
    if (!chosen) return;
    language.value = chosen;
    const words = await (await fetch(`static/words/${chosen}.json`)).json();
    if (store.get().language !== chosen) return; // another one has been chosen meanwhile
    document.documentElement.lang = words["language.code"];
    store.set({ words });
  });

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
    apply(words);
    document.title = say(words, "title");
    theme.setAttribute("aria-label", say(words, "theme", { theme: say(words, `theme.${chosen}`) }));
    theme.title = theme.getAttribute("aria-label");
  });
}
