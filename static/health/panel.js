// The diagnosis over the stage: what the scenario shows, which trouble the numbers tell of, and the cures for both.

import { calm } from "../base/throttle.js";
import { Lost, Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { refusal, say } from "../base/words.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether a cure is in force at t: the last change of any of its fields is its own. */
function inForce({ change }, { changes = [] }, t) {
  const touching = changes.filter((each) => each.t <= t && Object.keys(change).some((field) => field in each));
  const { t: _t, ...fields } = touching.toSorted((a, b) => a.t - b.t).at(-1) ?? {};
  return same(fields, change);
}

function mount(root, { store, choices, change }) {
  const story = root.querySelector("[data-part=story]");
  const trouble = root.querySelector("[data-part=named]");
  let drawn = null; // what is shown, so that a button is not replaced under the pointer

  async function apply(fields) {
    try {
      await change(fields);
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof Refused)) throw error;
      store.set({ notice: { text: "refused", blanks: { said: refusal(store.get().words, error) } } });
    }
  }

  function cureButton(words, cure, pressed) {
    const button = make("button", {
      type: "button",
      className: "chip",
      textContent: say(words, `cure.${cure.name}`),
      title: say(words, `cure.${cure.name}.hint`),
    });
    button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", () => apply(pressed ? cure.change_back : cure.change));
    return button;
  }

  function line(parent, title, text, cures) {
    parent.hidden = false;
    parent.replaceChildren(
      make("b", { textContent: title }),
      make("span", { textContent: text }),
      make("span", { className: "cures" }, ...cures),
    );
  }

  function show(state) {
    const { scenario, listing, moment, diagnosis, words } = state;
    if (!listing || !moment) return;
    const told = scenario && choices.scenarios[scenario];
    const cures = told ? told.cures.map((cure) => [cure, inForce(cure, listing.experiment, moment.t)]) : [];
    const found = diagnosis?.troubles?.[0] ?? null;
    const numbers =
      found && Object.fromEntries(Object.entries(found.numbers).map(([name, value]) => [name, brief(Number(value))]));
    const offered = (found?.cures ?? []).filter(({ name }) => !told?.cures.some((cure) => cure.name === name));
    const look = JSON.stringify([
      scenario,
      cures.map(([, pressed]) => pressed),
      found && [found.name, found.layer, numbers],
      offered,
      words["language.code"],
    ]);
    if (look === drawn) return;
    drawn = look;
    root.hidden = !told && !found;
    for (const each of [story, trouble]) {
      each.hidden = true;
      each.replaceChildren();
    }
    if (told)
      line(
        story,
        say(words, `scenario.${scenario}`),
        say(words, `scenario.${scenario}.says`),
        cures.map(([cure, pressed]) => cureButton(words, cure, pressed)),
      );
    if (!found) return;
    const broken = Object.values(found.numbers).some((value) => !Number.isFinite(Number(value)));
    const text = broken
      ? say(words, `diagnosis.${found.name}.broken`)
      : say(words, `diagnosis.${found.name}.says`, { layer: found.layer ?? "", ...numbers });
    line(
      trouble,
      say(words, `diagnosis.${found.name}`),
      text,
      offered.map((cure) => cureButton(words, cure, false)),
    );
  }

  store.on(["scenario", "listing", "moment", "diagnosis", "words"], calm(store, show));
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const diagnosis = { name: "diagnosis", slot: "diagnosis", mount };
