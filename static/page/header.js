// The header: presets, sharing, language, theme.

import { fragmentOf } from "../state/address.js";
import { make } from "../base/dom.js";
import { apply, say } from "../base/words.js";

const THEMES = ["auto", "light", "dark"];

/** The presets as buttons; the one whose experiment is running is marked. */
function presetButtons(root, store, presets, start) {
  const buttons = Object.entries(presets).map(([name, experiment]) => {
    const button = make("button", { type: "button", className: "chip" });
    button.dataset.word = `preset.${name}`;
    button.dataset.hint = `preset.${name}.hint`;
    button.addEventListener("click", () => start(experiment, name));
    return button;
  });
  root.replaceChildren(...buttons);
  store.on(["listing", "preset"], ({ preset }) => {
    Object.keys(presets).forEach((name, i) => buttons[i].setAttribute("aria-pressed", String(name === preset)));
  });
}

/** The scenarios of troubles and cures, as a list to choose from. */
function scenarioList(select, store, scenarios, start) {
  select.addEventListener(
    "change",
    () => select.value && start(scenarios[select.value].experiment, null, select.value),
  );
  store.on(["words", "scenario"], ({ words, scenario }) => {
    const options = Object.keys(scenarios).map((name) =>
      make("option", { value: name, textContent: say(words, `scenario.${name}`) }),
    );
    select.replaceChildren(make("option", { value: "", textContent: say(words, "scenarios.choose") }), ...options);
    select.value = scenario ?? "";
  });
}

/**
 * Set up the header in `root`, of the mount `all`. `host` gives the theme, the words of other languages and the address that is shared; what it does
 * not give is not offered.
 */
function mount(root, { all, store, choices, host, startPreset: start }) {
  const theme = root.querySelector("[data-control=theme]");
  const language = root.querySelector("[data-control=language]");
  const share = root.querySelector("[data-control=share]");
  presetButtons(root.querySelector("[data-part=presets]"), store, choices.presets, start);
  scenarioList(root.querySelector("[data-control=scenarios]"), store, choices.scenarios, start);

  const setTheme = (choice) => store.set({ themeChoice: choice, theme: host.theme.of(choice) });
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(store.get().themeChoice) + 1) % THEMES.length];
    host.theme.prefer(next);
    setTheme(next);
  });
  store.life.atEnd(host.theme.changed(() => setTheme(store.get().themeChoice)));

  language.hidden = !host.words;
  language.addEventListener("change", async () => store.set({ words: await host.words(language.value) }));

  share.hidden = !host.address;
  share.addEventListener("click", async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(host.address.link(fragmentOf(store.get())));
    } catch {
      done = false;
    }
    store.set({ notice: { text: done ? "share.done" : "share.by_hand" } });
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
