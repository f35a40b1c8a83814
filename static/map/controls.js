// The controls of a map: which settings its axes are, from where to where, how many runs, and how long each trains.

import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { nameOf } from "./axes.js";
import { FEWEST_STEPS, MOST_STEPS, SIDES } from "./feature.js";

/** A control with its field in the question; `label` names its word. */
function named(element, field, label) {
  Object.assign(element.dataset, { field, label });
  return element;
}

/** A field for a number; `commit(number)` hears of another one. */
function numberField(field, label, commit, fields = {}) {
  const input = named(make("input", { type: "number", step: "any", ...fields }), field, label);
  input.addEventListener("change", () => Number.isFinite(input.valueAsNumber) && commit(input.valueAsNumber));
  return input;
}

/** The controls of one axis, "x" or "y"; `put(change)` changes what is chosen for it. */
function axisControls(axis, put) {
  const setting = named(make("select"), `${axis}.field`, `map.axis.${axis}`);
  setting.addEventListener("change", () => put({ field: setting.value }));
  const ends = ["low", "high"].map((end) =>
    numberField(`${axis}.${end}`, `map.axis.${axis}.${end}`, (value) => put({ [end]: value })),
  );
  const to = make("span", { className: "quiet" });
  to.dataset.word = "map.to";
  const group = make("div", { className: "map-group" }, setting, ends[0], to, ends[1]);

  return {
    group,
    /** Offer these settings, and show the one that is chosen with its ends. */
    show(words, known, { field, low, high }) {
      const options = known.map((each) =>
        make("option", { value: each.field, textContent: nameOf(words, each.field) }),
      );
      setting.replaceChildren(...options);
      setting.value = field;
      ends.forEach((input, i) => {
        if (document.activeElement !== input) input.value = String(Number([low, high][i].toPrecision(4)));
      });
    },
  };
}

/** Which axes are chosen after a change of one: another setting comes with its own range, and changes places with itself. */
export function changedAxes({ axes, settings: { axes: known } }, axis, change) {
  const ends = ({ field, low, high }) => ({ field, low, high });
  const chosen = { x: ends(axes.x), y: ends(axes.y) };
  if (!("field" in change)) return { ...chosen, [axis]: { ...chosen[axis], ...change } };
  const other = axis === "x" ? "y" : "x";
  if (chosen[other].field === change.field) return { [axis]: chosen[other], [other]: chosen[axis] };
  return { ...chosen, [axis]: ends(known.find(({ field }) => field === change.field)) };
}

/** Set up the controls in `root`; `measured()` is the map that is shown, or null. */
export function createControls(root, store, measured) {
  const put = (axis) => (change) => {
    if (measured()) store.set({ mapAxes: changedAxes(measured(), axis, change) });
  };
  const axes = { x: axisControls("x", put("x")), y: axisControls("y", put("y")) };
  const side = named(make("select"), "side", "map.side");
  side.append(...SIDES.map((each) => make("option", { value: String(each), textContent: `${each} × ${each}` })));
  side.addEventListener("change", () => store.set({ mapSide: Number(side.value) }));
  const steps = numberField(
    "training_steps",
    "map.steps",
    (value) => store.set({ mapSteps: Math.round(Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, value))) }),
    { min: String(FEWEST_STEPS), max: String(MOST_STEPS), step: "1" },
  );
  const unit = make("span", { className: "quiet" });
  unit.dataset.word = "map.steps";
  const refused = make("p", { className: "refused", role: "alert" });
  root.append(axes.x.group, axes.y.group, make("div", { className: "map-group" }, side, steps, unit), refused);

  return {
    show({ words, mapSide, mapSteps }) {
      if (measured())
        for (const axis of ["x", "y"]) axes[axis].show(words, measured().settings.axes, measured().axes[axis]);
      side.value = String(mapSide);
      if (document.activeElement !== steps) steps.value = String(mapSteps);
      for (const each of root.querySelectorAll("[data-word]")) each.textContent = say(words, each.dataset.word);
      for (const each of root.querySelectorAll("[data-label]"))
        each.ariaLabel = each.title = say(words, each.dataset.label);
    },
    /** Say what was refused beside the control of its field, or below all; nothing where `error` is null. */
    complain(words, error) {
      for (const each of root.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
      refused.textContent = error ? refusal(words, error) : "";
      const control = error && root.querySelector(`[data-field="${error.field}"]`);
      control?.setAttribute("aria-invalid", "true");
      (control?.closest(".map-group") ?? root.lastElementChild).after(refused);
    },
  };
}
