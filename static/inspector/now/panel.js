// What has just been computed: the formula of each equation of the step that was gone, and of one of them, the last until
// another is opened, the NumPy that ran and the cells that it read and wrote.

import { throttled } from "../../base/throttle.js";
import { make, refill } from "../../base/dom.js";
import { unitAt } from "../../base/time.js";
import { say } from "../../base/words.js";
import { createFitting, formulaOf } from "./formula.js";
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

function mount(root, { store, ask }) {
  const now = root.querySelector("[data-part=now]");
  const operands = createOperands(now, store, ask);
  const { fit, forget } = createFitting();
  const fitAll = () => fit(now.querySelectorAll(".equations > li > .formula"));
  let shown = {}; // what is shown: the unit's first and last step, the one that is opened, listing and words
  let opened = null; // the step of the unit that a person has opened

  function show(state) {
    const { moment, listing, words, grain } = state;
    if (!moment || !listing) return;
    const unit = unitAt(listing, grain, moment.t);
    const step = unit.includes(opened) ? opened : (unit.at(-1) ?? null);
    const wish = { first: unit[0], last: unit.at(-1), step, listing, words, examples: moment.examples };
    if (Object.keys(wish).some((name) => shown[name] !== wish[name])) build(state, unit, step);
    shown = wish;
    if (step) operands.show(state, step);
    light(state);
  }

  function build(state, unit, step) {
    const { words } = state;
    operands.build(state, step, unit.slice(unit.indexOf(step) + 1));
    if (!step) {
      now.replaceChildren(make("p", { className: "quiet", textContent: say(words, "now.start") }));
      return;
    }
    const equations = unit.map((each) =>
      make(
        "li",
        {},
        headOf(words, each, each === step, unit.length > 1),
        formulaOf(each),
        ...(each === step ? bodyOf(state, step) : []),
      ),
    );
    refill(now, make("ol", { className: "equations" }, ...equations));
    fitAll();
  }

  /** The equation's name; where there are several, a button that opens it. */
  function headOf(words, step, open, several) {
    const name = make("b", { textContent: say(words, `equation.${step.equation}`) });
    if (!several) return make("p", { className: "title" }, name);
    const title = say(words, "now.open");
    const button = make("button", { type: "button", className: "title", ariaExpanded: String(open), title }, name);
    button.dataset.key = step.writes.join();
    button.addEventListener("click", () => {
      opened = step;
      show(store.get());
    });
    return button;
  }

  /** What belongs to the equation that is opened: its settings, what it says, the code that ran, and its cells. */
  function bodyOf(state, step) {
    const settings = step.settings.map(([symbol, value]) => make("span", { innerHTML: `${symbol} = ${value}` }));
    return [
      ...(settings.length ? [make("p", { className: "settings" }, ...settings)] : []),
      make("p", { className: "quiet", textContent: say(state.words, `equation.${step.equation}.says`) }),
      make("pre", {}, make("code", { innerHTML: step.code }), shapes(state, step)),
      operands.element,
    ];
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
  store.on(["moment", "listing", "words", "playing", "grain"], throttled(store, show));
  store.on(["lit", "hovered"], light);
  function showAnew() {
    shown = {};
    show(store.get());
  }
  store.on(["theme"], showAnew);
  store.life.sharpened(showAnew);
  store.life.resized(fitAll, now);
  store.life.listen(root.ownerDocument.fonts, "loadingdone", () => {
    forget();
    fitAll();
  });
  return {};
}

/** @type {import("../../base/feature.js").Feature} */
export const now = { name: "now", slot: "inspector", mount };
