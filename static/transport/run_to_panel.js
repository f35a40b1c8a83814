// The form of "Run to": an epoch, a training step, a loss or an accuracy.

import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { endOf, goalOf, KINDS, SETS, WITHIN } from "./run_to_goal.js";

/** A field of the form: its name, its control, and room for what is refused of it. */
function fieldOf(name, control, behind = null) {
  const text = make("span");
  const unit = make("small");
  const refused = make("p", { className: "refused", role: "alert", hidden: true });
  const row = make(
    "label",
    { className: "field" },
    text,
    make("span", { className: "control" }, control, behind ?? unit),
  );
  return { name, control, text, unit, refused, row };
}

/** The fields of the form. */
function createFields() {
  const number = () => make("input", { type: "number", step: "any", inputMode: "decimal" });
  return {
    what: fieldOf("what", make("select")),
    value: fieldOf("value", number()),
    of: fieldOf("of", make("select")),
    within: fieldOf("within", number()),
  };
}

/** Fill a select with names that words begin with. */
function fill({ control }, options) {
  const { value } = control;
  control.replaceChildren(
    ...options.map(({ name, text, disabled }) => make("option", { value: name, textContent: text, disabled })),
  );
  const there = options.filter(({ disabled }) => !disabled);
  control.value = there.some(({ name }) => name === value) ? value : there[0].name;
}

/** Set up the form in `root`, a popover. */
export function mount(root, { store, clock }) {
  const fields = createFields();
  const go = make("button", { type: "submit", className: "primary" });
  const hint = make("p", { className: "quiet" });
  root.append(...Object.values(fields).flatMap(({ row, refused }) => [row, refused]), hint, go);
  const typed = { ...KINDS }; // the number of each kind

  /** Take away what was refused, or show it beside its field. */
  function complain(wrong) {
    const { words } = store.get();
    for (const { name, control, refused } of [fields.value, fields.within]) {
      const mine = wrong?.field === name;
      refused.hidden = !mine;
      refused.textContent = mine ? say(words, `run_to.must.${wrong.must}`) : "";
      if (mine) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      if (mine) control.focus();
    }
  }

  /** Name the fields, and show those that go with the kind that is chosen. */
  function show({ words, listing }) {
    if (!listing) return;
    const classified = listing.kind === "classes";
    fill(
      fields.what,
      Object.keys(KINDS).map((name) => ({
        name,
        text: say(words, `run_to.what.${name}`),
        disabled: name === "accuracy" && !classified,
      })),
    );
    fill(
      fields.of,
      SETS.map((name) => ({
        name,
        text: say(words, `run_to.of.${name}`),
        disabled: name === "held_out" && !listing.examples.held_out,
      })),
    );
    const what = fields.what.control.value;
    const measured = what === "loss" || what === "accuracy";
    for (const { name, text, control } of Object.values(fields)) {
      const isValue = name === "value";
      text.textContent = control.ariaLabel = isValue
        ? say(words, `run_to.value.${what}`)
        : say(words, `run_to.${name}`);
    }
    fields.value.unit.textContent = what === "accuracy" ? "%" : "";
    fields.within.unit.textContent = say(words, "run_to.within.unit");
    if (document.activeElement !== fields.value.control) fields.value.control.value = typed[what];
    for (const { row } of [fields.of, fields.within]) row.hidden = !measured;
    hint.textContent = say(words, `run_to.hint.${what}`);
    go.textContent = say(words, "run_to.go");
  }

  function submit(event) {
    event.preventDefault();
    const { listing, moment } = store.get();
    const asked = Object.fromEntries(Object.values(fields).map(({ name, control }) => [name, control.value]));
    const goal = goalOf(/** @type {any} */ (asked), listing, moment.t);
    complain(goal.wrong);
    if (goal.wrong) return;
    root.hidePopover();
    const begun = { ...goal.told, t: goal.t, from: moment.t };
    store.set({ runTo: begun });
    clock.runTo(goal.t, goal.until, (reached) => {
      store.set({ runTo: { ...begun, end: endOf(goal.told, reached.frame.until), at: reached.t } });
    });
  }

  fields.within.control.value = WITHIN;
  fields.what.control.addEventListener("change", () => {
    complain(null);
    show(store.get());
  });
  fields.value.control.addEventListener("input", () => {
    typed[fields.what.control.value] = fields.value.control.value;
  });
  root.addEventListener("submit", submit);
  store.on(["words", "listing"], show);
  store.on(["runToOpen"], ({ runToOpen }) => runToOpen && fields.what.control.focus());
  return {};
}
