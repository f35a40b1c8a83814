// The gallery of examples: the button that opens it, and a list of all presets and troubles, each with a picture.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { offered } from "../scene/named.js";

const FILE = new URL("./pictures.json", import.meta.url);
const PATIENCE = 10_000; // milliseconds for the pictures
const APART = 11; // pixels between the button and the gallery
const ALONG = { ArrowRight: 1, ArrowLeft: -1 };
const ACROSS = { ArrowDown: 1, ArrowUp: -1 };
const ENDS = { Home: 0, End: -1 };

/**
 * The pictures of all examples by their names, such as "preset.xor", with what paints them, {of, paint, marksOf}; null where
 * they do not come.
 */
async function load() {
  try {
    const [response, painter] = await Promise.all([
      fetch(FILE, { signal: AbortSignal.timeout(PATIENCE) }),
      import("./picture.js"),
    ]);
    const { data, pictures } = await response.json();
    const whole = Object.entries(pictures).map(([name, each]) => [name, { ...each, data: data[each.data] }]);
    return { of: Object.fromEntries(whole), ...painter };
  } catch {
    return null;
  }
}

/**
 * An entry: {of, button, canvas}, where `of` names its example, such as "preset.xor". Its accessible name is that of the
 * example, and its sentence its description; `named` makes of an id one that the whole document has once.
 */
function entryOf(kind, name, named, choose) {
  const canvas = make("canvas", { ariaHidden: "true" });
  const title = make("b");
  const says = make("small", { id: named(`gallery-${kind}-${name}-says`), ariaHidden: "true" }); // it is said once, after the name
  const isPreset = kind === "preset";
  title.dataset.word = isPreset ? `preset.${name}` : `scenario.${name}`;
  says.dataset.word = isPreset ? `preset.${name}.hint` : `scenario.${name}.hint`;
  const button = make("button", { type: "button" }, canvas, make("span", {}, title, says));
  button.setAttribute("aria-describedby", says.id);
  button.addEventListener("click", choose);
  return { of: title.dataset.word, button, canvas };
}

/** The entry that a key leads to from another one: along the list, to its ends, or to the next row. */
function ledTo(buttons, from, key) {
  if (key in ENDS) return buttons.at(ENDS[key]);
  if (key in ALONG) return buttons[buttons.indexOf(from) + ALONG[key]];
  const here = from.getBoundingClientRect();
  const beyond = buttons
    .map((each) => ({ each, box: each.getBoundingClientRect() }))
    .filter(({ box }) => ACROSS[key] * (box.top - here.top) > 1);
  const far = ({ box }) => 1e4 * Math.abs(box.top - here.top) + Math.abs(box.left - here.left);
  return beyond.toSorted((one, other) => far(one) - far(other))[0]?.each;
}

/** Set up the gallery in `root`. `startPreset(experiment)` begins a run. */
function mount(root, { store, choices, named, startPreset }) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const opener = root.querySelector("[data-control=examples]");
  const panel = part("gallery");
  let pictures = null; // with what paints them

  const entries = offered(choices).map(({ kind, name, experiment }) => {
    const entry = entryOf(kind, name, named, () => {
      panel.hidePopover();
      startPreset(experiment);
    });
    part(`${kind}s`).append(entry.button);
    return entry;
  });
  const buttons = entries.map(({ button }) => button);
  const isOpen = () => panel.matches(":popover-open");

  function draw() {
    if (!pictures || !isOpen()) return;
    const colours = palette(root);
    for (const { of, canvas } of entries) if (pictures.of[of]) pictures.paint(canvas, of, pictures.of[of], colours);
  }

  /** Have it below the button. */
  function place() {
    const { left, bottom } = opener.getBoundingClientRect();
    panel.style.setProperty("--left", `${left}px`);
    panel.style.setProperty("--top", `${bottom + APART}px`);
  }

  opener.popoverTargetElement = panel;
  panel.addEventListener("beforetoggle", place);
  panel.addEventListener("toggle", async () => {
    opener.setAttribute("aria-expanded", String(isOpen()));
    if (!isOpen()) return;
    (buttons.find((button) => button.ariaPressed === "true") ?? buttons[0]).focus();
    pictures ??= await load();
    draw();
  });
  panel.addEventListener("keydown", (event) => {
    event.stopPropagation(); // keys do not step the run meanwhile
    if (!(event.key in ALONG || event.key in ACROSS || event.key in ENDS)) return;
    event.preventDefault();
    ledTo(buttons, document.activeElement, event.key)?.focus();
  });

  store.on(["preset", "scenario", "words"], ({ preset, scenario, words }) => {
    const current = preset ? `preset.${preset}` : `scenario.${scenario}`;
    for (const { of, button } of entries) button.ariaPressed = String(of === current);
    part("current").textContent = preset || scenario ? say(words, current) : "";
  });
  store.on(["theme"], draw);
  store.life.sharpened(draw);
  return {
    marks: () =>
      pictures && isOpen()
        ? entries.flatMap(({ of }) => (pictures.of[of] ? pictures.marksOf(of, pictures.of[of], palette(root)) : []))
        : [],
  };
}

/** @type {import("../base/feature.js").Feature} */
export const gallery = { name: "gallery", slot: "gallery", mount };
