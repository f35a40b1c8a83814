// The diagnosis over the stage: what the scenario shows, which trouble the numbers tell of, and the cures for both.

import { keepDiagnosed } from "./diagnosis.js";
import { throttled } from "../base/throttle.js";
import { Lost, Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { refusal, say } from "../base/words.js";
import { waitingAt } from "../base/time.js";
import { ofRun } from "../base/keys.js";

const SHARES = new Set(["dead", "fall", "share"]); // numbers that are shares of 1, and are told in per cent

/** A number of a trouble as its sentence has it. */
function told([name, text]) {
  const value = Number(text);
  return [name, SHARES.has(name) ? `${brief(100 * value).replace(/\.0+$/, "")} %` : brief(value)];
}

/** What the numbers of a diagnosis say: its trouble, or that the scenario's own trouble does not show. */
function sentence(words, { troubles: [found], loss, chance }, tale) {
  const numbers = Object.fromEntries(Object.entries(found?.numbers ?? { loss, chance }).map(told));
  if (!found) return say(words, "diagnosis.unseen", { ...numbers, trouble: say(words, `diagnosis.${tale?.trouble}`) });
  const broken = Object.values(found.numbers).some((value) => !Number.isFinite(Number(value)));
  if (broken) return say(words, `diagnosis.${found.name}.broken`);
  return say(words, `diagnosis.${found.name}.says`, { layer: found.layer ?? "", ...numbers });
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether a cure has been chosen at t: the last change of any of its fields is its own. And whether it waits. */
function chosenAt({ change }, listing, t) {
  const { changes = [] } = listing.experiment;
  const touching = changes.filter((each) => each.t <= t && Object.keys(change).some((field) => field in each));
  const last = touching.toSorted((a, b) => a.t - b.t).at(-1);
  const { t: _t, ...fields } = last ?? {};
  const pressed = same(fields, change);
  return { pressed, waits: pressed && waitingAt(listing, t).includes(last) };
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

  function cureButton(words, cure, { pressed = false, waits = false }) {
    const button = make("button", {
      type: "button",
      className: "chip",
      textContent: say(words, `cure.${cure.name}`),
      title: say(words, `cure.${cure.name}.hint`),
    });
    button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", () => apply(pressed ? cure.change_back : cure.change));
    if (!waits) return button;
    const note = make("small", {
      id: `waiting-${cure.name}`,
      className: "waiting-note",
      textContent: say(words, "waiting"),
    });
    button.setAttribute("aria-describedby", note.id);
    return make("span", { className: "cure" }, button, note);
  }

  function line(parent, title, cures) {
    parent.hidden = false;
    parent.replaceChildren(
      ...(title ? [make("b", { textContent: title })] : []),
      make("span", { className: "said" }),
      make("span", { className: "cures" }, ...cures),
    );
  }

  function write(parent, text) {
    const said = parent.querySelector(".said");
    if (said.textContent !== text) said.textContent = text;
  }

  function show(state) {
    const { scenario, listing, moment, diagnosis, words } = state;
    if (!listing || !moment) return;
    const tale = scenario && choices.scenarios[scenario];
    const cures = tale ? tale.cures.map((cure) => [cure, chosenAt(cure, listing, moment.t)]) : [];
    const found = diagnosis?.troubles?.[0] ?? null;
    const own = found && found.name === tale?.trouble; // the scenario tells of it already
    const judged = diagnosis?.layers.some((layer) => layer.gradient_rms !== null); // once there are gradients
    const offered = (found?.cures ?? []).filter(({ name }) => !tale?.cures.some((cure) => cure.name === name));
    const look = JSON.stringify([
      scenario,
      cures.map(([, chosen]) => chosen),
      found?.name,
      judged,
      offered,
      words["language.code"],
    ]);
    const speaks = found || (tale && judged);
    if (look !== drawn) draw(state, { tale, cures, name: own ? null : found?.name, speaks, offered });
    drawn = look;
    if (tale) write(story, say(words, `scenario.${scenario}.says`));
    if (speaks) write(trouble, say(words, "diagnosis.at", { t: diagnosis.t, said: sentence(words, diagnosis, tale) }));
  }

  /** The lines without their sentences, which change more often than the buttons beside them. */
  function draw({ scenario, words }, { tale, cures, name, speaks, offered }) {
    root.hidden = !tale && !speaks;
    for (const each of [story, trouble]) {
      each.hidden = true;
      each.replaceChildren();
    }
    if (tale)
      line(
        story,
        say(words, `scenario.${scenario}`),
        cures.map(([cure, chosen]) => cureButton(words, cure, chosen)),
      );
    if (!speaks) return;
    line(
      trouble,
      name && say(words, `diagnosis.${name}`),
      offered.map((cure) => cureButton(words, cure, {})),
    );
  }

  store.on(["scenario", "listing", "moment", "diagnosis", "words"], throttled(store, show));
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const diagnosis = {
  name: "diagnosis",
  slot: "diagnosis",
  state: { diagnosis: ofRun(null) },
  keep: keepDiagnosed,
  mount,
};
