// Teaching: say what the drawing is, have the network learn from it, and see what that costs the others.

import { Lost, Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { labelOf, modeOf, statusOf } from "./lesson.js";
import { itemsOf, plainOf } from "./own.js";
import { taughtAt } from "./teaching.js";
import { after } from "../base/time.js";
import { refusal, say } from "../base/words.js";
import { collection } from "./collection.js";
import { costMarks, costTable } from "./cost.js";
import { thumbnail } from "./thumbnail.js";
import { voiceOf } from "./verdict.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
const SHARES = { off: 0, mixed: 0.1, alone: 1 };
const STEPS = [1, 20];
const SHOWN = 12; // of the drawings that are learned from

function choice(names, className) {
  const buttons = names.map((name) => ({ name, button: make("button", { type: "button" }) }));
  return { buttons, element: make("div", { className, role: "group" }, ...buttons.map(({ button }) => button)) };
}

/** Have the buttons of a choice hear of a press, by their names. */
function onPress({ buttons }, work) {
  for (const { name, button } of buttons) button.addEventListener("click", () => work(name));
}

/** Write the buttons of a choice, by the words `names` or else as their names; the one that is `chosen` is pressed. */
function press({ buttons }, chosen, names, words, disabled = (/** @type {any} */ _name) => false) {
  for (const { name, button } of buttons) {
    button.textContent = names ? say(words, `${names}.${name}`) : name;
    button.setAttribute("aria-pressed", String(name === chosen));
    button.disabled = disabled(name);
  }
}

/** Offer the steps of a lesson, and while nothing is taught those that begin one of the drawings that are there. */
function offerSteps(steps, words, taught, there) {
  press(steps, null, "teach.step", words);
  for (const { button } of steps.buttons) {
    button.removeAttribute("aria-pressed");
    button.title = taught ? "" : say(words, "teach.step.hint");
  }
  steps.element.hidden = !taught && !there;
}

/** What is learned from now, as small pictures. */
function lessons({ drawings }, colours) {
  return itemsOf(drawings)
    .slice(0, SHOWN)
    .map((item) => make("span", {}, ...thumbnail(item, colours)));
}

export function mount(root, { store, change, seek, storage, colours }) {
  const question = make("p");
  const digits = choice(DIGITS, "labels");
  const which = choice(["this", "all"], "which");
  const modes = choice(Object.keys(SHARES), "modes");
  const steps = choice(STEPS, "lesson-steps");
  const status = make("p", { className: "quiet", role: "status" });
  const refused = make("p", { className: "refused", role: "alert", hidden: true });
  const shown = make("div", { className: "thumbnails", ariaHidden: "true" });
  const costs = make("div", { className: "costs" });
  const kept = make("div", { className: "own" });
  let said = null; // the digit that a person has said the drawing is, and of which picture
  let listed = []; // what the lessons that are shown were made of
  let asked = Promise.resolve(); // until the server has answered what was asked for last
  let all = false; // whether all drawings of the collection are taught

  function current() {
    const state = store.get();
    const label = labelOf(state.drawing, said);
    return label === null ? null : { picture: state.drawing.picture, label };
  }

  const own = collection(kept, store, { storage, colours, current, changed: () => show(store.get()) });
  const table = costTable(costs);
  const pupils = () => (all ? own.items : [current()].filter(Boolean));
  root.append(
    question,
    digits.element,
    which.element,
    modes.element,
    refused,
    status,
    shown,
    steps.element,
    costs,
    kept,
  );

  async function teach(share) {
    refused.hidden = true;
    try {
      await change({ drawings: share ? { ...plainOf(pupils()), share } : null });
      store.set({ networkShows: "moment" });
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof Refused)) throw error;
      refused.textContent = refusal(store.get().words, error);
      refused.hidden = false;
    }
  }

  onPress(digits, (label) => {
    said = { picture: store.get().drawing.picture, label };
    show(store.get());
  });
  onPress(which, (name) => {
    all = name === "all";
    show(store.get());
  });
  onPress(modes, (name) => {
    asked = teach(SHARES[name]);
  });
  onPress(steps, async (count) => {
    const lesson = () => taughtAt(store.get().listing, store.get().moment.t);
    await asked;
    if (!lesson()) await teach(SHARES.alone);
    const { listing, moment } = store.get();
    const taught = lesson();
    if (taught) seek(after(listing, "training_step", Math.max(moment.t, taught.begin), count));
  });

  function show(state) {
    const { words, listing, moment, drawing, reading } = state;
    if (!listing || !moment) return;
    const taught = taughtAt(listing, moment.t);
    const voice = reading && voiceOf(state);
    question.textContent = voice
      ? say(words, `teach.what.${voice}`, { digit: reading.best })
      : say(words, "teach.what");
    digits.element.setAttribute("aria-label", say(words, "teach.what"));
    press(digits, labelOf(drawing, said), null, words, () => !drawing);
    which.element.hidden = !own.items.length;
    which.element.setAttribute("aria-label", say(words, "teach.which"));
    press(which, all ? "all" : "this", "teach.which", words);
    modes.element.setAttribute("aria-label", say(words, "teach.mode"));
    press(modes, modeOf(taught), "teach.mode", words, (name) => (name === "off" ? !taught : !pupils().length));
    for (const { name, button } of modes.buttons) button.title = say(words, `teach.mode.${name}.hint`);
    offerSteps(steps, words, taught, Boolean(pupils().length));
    status.textContent = statusOf(state, taught, pupils(), all);
    if (listed[0] !== taught?.drawings || listed[1] !== colours())
      shown.replaceChildren(...(taught ? lessons(taught, colours()) : []));
    listed = [taught?.drawings, colours()];
    table(state, taught);
    own.show(state);
  }

  return { show, marks: (state) => costMarks(state, colours()), add: own.add };
}
