// The micro-step that has just run: its formula, the NumPy that ran, and the cells that it read and wrote.

import { calm } from "../../base/throttle.js";
import { make } from "../../base/dom.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { createOperands } from "./operands.js";

/** Each tensor's shape in this experiment. */
function shapes({ listing, moment }, step) {
  const shape = (name) =>
    listing.tensors[name].map((axis) => (axis === "example" ? moment.examples || "m" : listing.sizes[axis])).join(", ");
  const names = [...new Set([...step.reads, ...step.writes])];
  const parts = names.map((name) => make("span", { textContent: `${name} (${shape(name)})` }));
  parts.forEach((part, i) => (part.dataset.tensor = names[i]));
  return make("i", {}, "\n", ...parts.flatMap((part, i) => (i ? ["   ", part] : [part])));
}

/** The formula; the first symbol of each tensor can have the focus. */
function formulaOf(step) {
  const formula = make("div", { className: "formula", innerHTML: step.formula });
  for (const name of new Set([...step.reads, ...step.writes])) {
    /** @type {NodeListOf<HTMLElement>} */
    const symbols = formula.querySelectorAll(`.${CSS.escape(name)}`);
    for (const symbol of symbols) symbol.dataset.tensor = name;
    if (symbols.length) symbols[0].tabIndex = 0;
  }
  return formula;
}

function mount(root, { store, ask }) {
  const now = root.querySelector("[data-part=now]");
  const operands = createOperands(now, store, ask);
  let shown = {}; // what is shown: its step, listing and words

  function show(state) {
    const { moment, listing, words } = state;
    if (!moment || !listing) return;
    const { last: step } = locate(listing, moment.t);
    const wish = { step, listing, words, examples: moment.examples };
    if (Object.keys(wish).some((name) => shown[name] !== wish[name])) build(state, (shown = wish).step);
    if (step) operands.show(state, step);
    light(state);
  }

  function build(state, step) {
    const { words } = state;
    operands.build(state, step);
    if (!step) {
      now.replaceChildren(make("p", { className: "quiet", textContent: say(words, "now.start") }));
      return;
    }
    const settings = step.settings.map(([symbol, value]) => make("span", { innerHTML: `${symbol} = ${value}` }));
    now.replaceChildren(
      make("p", { className: "title" }, make("b", { textContent: say(words, `equation.${step.equation}`) })),
      formulaOf(step),
      ...(settings.length ? [make("p", { className: "settings" }, ...settings)] : []),
      make("p", { className: "quiet", textContent: say(words, `equation.${step.equation}.says`) }),
      make("pre", {}, make("code", { innerHTML: step.code }), shapes(state, step)),
      operands.element,
    );
  }

  /** Light what stands for a tensor that is lit anywhere, or pointed at in the network. */
  function light({ lit, hovered }) {
    const names = new Set([...lit, hovered].map((mark) => mark?.tensor));
    for (const element of now.querySelectorAll("[data-tensor]")) {
      element.classList.toggle(
        "alight",
        element.dataset.tensor.split(" ").some((name) => names.has(name)),
      );
    }
    operands.light(store.get());
  }

  let pointing = null; // the element that stands for what is lit from here
  function point({ target }) {
    const element = target.closest?.("canvas") ? null : (target.closest?.("[data-tensor]") ?? null);
    if (element === pointing) return;
    pointing = element;
    store.set({ lit: element ? element.dataset.tensor.split(" ").map((tensor) => ({ tensor })) : [] });
  }

  for (const type of ["pointerover", "focusin"]) now.addEventListener(type, point);
  for (const type of ["pointerleave", "focusout"]) now.addEventListener(type, () => point({ target: now }));
  store.on(["moment", "listing", "words", "playing"], calm(store, show));
  store.on(["lit", "hovered"], light);
  store.on(["theme"], (state) => {
    shown = {};
    show(state);
  });
  let density = devicePixelRatio;
  store.life.resized(() => {
    if (density === devicePixelRatio) return;
    density = devicePixelRatio;
    shown = {};
    show(store.get());
  }, now);
  return {};
}

/** @type {import("../../base/feature.js").Feature} */
export const now = { name: "now", slot: "inspector", mount };
