// The header: presets, sharing, language, theme.

import { linkTo } from "../state/address.js";
import { make } from "../base/dom.js";
import { apply, say } from "../base/words.js";

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

export function headerPanel(root, store, choices, start) {
  const theme = root.querySelector("[data-control=theme]");
  const language = root.querySelector("[data-control=language]");
  const share = root.querySelector("[data-control=share]");
  presetButtons(root.querySelector("[data-part=presets]"), store, choices.presets, start);
  scenarioList(root.querySelector("[data-control=scenarios]"), store, choices.scenarios, start);

  const system = matchMedia("(prefers-color-scheme: dark)");
  function setTheme(choice) {
    const dark = choice === "auto" ? system.matches : choice === "dark";
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    store.set({ themeChoice: choice, theme: dark ? "dark" : "light" });
  }
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(store.get().themeChoice) + 1) % THEMES.length];
    prefer("theme", next);
    setTheme(next);
  });
  system.addEventListener("change", () => setTheme(store.get().themeChoice));

  language.addEventListener("change", async () => {
    const words = await (await fetch(`static/words/${language.value}.json`)).json();
    document.documentElement.lang = words["language.code"];
    const address = new URL(location.href);
    address.searchParams.set("lang", language.value);
    history.replaceState(null, "", address);
    store.set({ words });
  });

  share.addEventListener("click", async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(linkTo(store.get()));
    } catch {
      done = false;
    }
    store.set({ notice: { text: done ? "share.done" : "share.by_hand" } });
  });

  store.on(["words", "themeChoice"], ({ words, themeChoice: chosen }) => {
    apply(words);
    document.title = say(words, "title");
    theme.setAttribute("aria-label", say(words, "theme", { theme: say(words, `theme.${chosen}`) }));
    theme.title = theme.getAttribute("aria-label");
  });
}
