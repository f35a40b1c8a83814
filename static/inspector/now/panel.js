// What has just been computed: the formula of each equation of the step that was gone, and of one of them, the last until
// another is opened, its code and the cells that it read and wrote.

import { flag } from "../../base/codecs.js";
import { throttled } from "../../base/throttle.js";
import { make, refill } from "../../base/dom.js";
import { ofView } from "../../base/keys.js";
import { unitAt } from "../../base/time.js";
import { say } from "../../base/words.js";
import { axesIn, formulaIn, ONE } from "../../tensor/convention.js";
import { codeOf, createSwitches } from "./code.js";
import { createFitting, formulaOf } from "./formula.js";
import { createOperands } from "./operands.js";

/** Each tensor's shape in this experiment, as the code has it that is shown. */
function shapes({ listing, moment, convention, ran }, step) {
  const size = (axis) => (axis === "example" ? moment.examples || "m" : axis === ONE ? 1 : listing.sizes[axis]);
  const axes = (name) => (ran ? listing.tensors[name] : axesIn(listing.tensors[name], convention));
  const shape = (name) => axes(name).map(size).join(", ");
  const names = [...new Set([...step.reads, ...step.writes])];
  const parts = names.map((name) => make("span", { textContent: `${name} (${shape(name)})` }));
  parts.forEach((part, i) => (part.dataset.tensor = names[i]));
  return make("i", {}, "\n", ...parts.flatMap((part, i) => (i ? ["   ", part] : [part])));
}

/** What belongs to the equation that is opened: its settings, what it says, its code, and its cells. */
function bodyOf(state, step, cells) {
  const settings = step.settings.map(([symbol, value]) => make("span", { innerHTML: `${symbol} = ${value}` }));
  const { code, remarks } = codeOf(state, step);
  return [
    ...(settings.length ? [make("p", { className: "settings" }, ...settings)] : []),
    make("p", { className: "quiet", textContent: say(state.words, `equation.${step.equation}.says`) }),
    make("pre", {}, code, shapes(state, step)),
    ...remarks,
    cells,
  ];
}

function mount(root, { store, ask }) {
  const now = root.querySelector("[data-part=now]");
  const switches = createSwitches(store);
  const operands = createOperands(now, store, ask);
  const { fit, forget } = createFitting();
  const fitAll = () => fit(now.querySelectorAll(".equations > li > .formula"));
  let shown = {}; // what is shown: the unit's first and last step, the one that is opened, listing and words
  let opened = null; // the step of the unit that a person has opened

  function show(state) {
    const { moment, listing, words, grain, convention, ran } = state;
    if (!moment || !listing) return;
    const unit = unitAt(listing, grain, moment.t);
    const step = unit.includes(opened) ? opened : (unit.at(-1) ?? null);
    const about = { listing, words, convention, ran, examples: moment.examples };
    const look = { first: unit[0], last: unit.at(-1), step, ...about };
    if (Object.keys(look).some((name) => shown[name] !== look[name])) build(state, unit, step);
    shown = look;
    if (step) operands.show(state, step);
    light(state);
  }

  function build(state, unit, step) {
    const { words, convention } = state;
    switches.show(state);
    operands.build(state, step, unit.slice(unit.indexOf(step) + 1));
    if (!step) {
      refill(now, switches.element, make("p", { className: "quiet", textContent: say(words, "now.start") }));
      return;
    }
    const equations = unit.map((each) =>
      make(
        "li",
        {},
        headOf(words, each, each === step, unit.length > 1),
        formulaOf({ ...each, formula: formulaIn(each, convention) }),
        ...(each === step ? bodyOf(state, step, operands.element) : []),
      ),
    );
    refill(now, switches.element, make("ol", { className: "equations" }, ...equations));
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
  store.on(["moment", "listing", "words", "playing", "grain", "convention", "ran"], throttled(store, show));
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
export const now = { name: "now", slot: "inspector", state: { ran: ofView(false, flag) }, mount };
