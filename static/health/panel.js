// The diagnosis over the stage: what the scenario shows, which trouble the numbers tell of, and the remedies for both.

import { keepDiagnosed } from "./diagnosis.js";
import { throttled } from "../base/throttle.js";
import { Lost, Refused } from "../ask/connection.js";
import { make, refill } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { refusal, say } from "../base/words.js";
import { waitingAt } from "../base/time.js";
import { ofRun } from "../base/keys.js";

const SHARES = new Set(["dead", "fall", "share"]); // numbers that are shares of 1, and are told in per cent

/** The numbers of a trouble as its sentence has them. */
function told(words, numbers) {
  const percent = (value) => say(words, "percent", { number: brief(100 * value).replace(/\.0+$/, "") });
  return Object.fromEntries(
    Object.entries(numbers).map(([name, text]) => [name, (SHARES.has(name) ? percent : brief)(Number(text))]),
  );
}

/** What the numbers of a diagnosis say: its trouble, or that the scenario's own trouble does not show. */
function sentence(words, { troubles: [found], loss, chance }, tale) {
  const numbers = told(words, found?.numbers ?? { loss, chance });
  if (!found) return say(words, "diagnosis.unseen", { ...numbers, trouble: say(words, `diagnosis.${tale?.trouble}`) });
  const broken = Object.values(found.numbers).some((value) => !Number.isFinite(Number(value)));
  if (broken) return say(words, `diagnosis.${found.name}.broken`);
  return say(words, `diagnosis.${found.name}.says`, { layer: found.layer ?? "", ...numbers });
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether a remedy has been chosen at t: the last change of any of its fields is its own. And whether it waits. */
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

  function remedyButton(words, remedy, { pressed = false, waits = false }) {
    const button = make("button", {
      type: "button",
      className: "chip",
      textContent: say(words, `remedy.${remedy.name}`),
      title: say(words, `remedy.${remedy.name}.hint`),
    });
    button.dataset.key = remedy.name; // which has the focus again when it is made anew
    button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", () => apply(pressed ? remedy.change_back : remedy.change));
    if (!waits) return button;
    const note = make("small", {
      id: `waiting-${remedy.name}`,
      className: "waiting-note",
      textContent: say(words, "waiting"),
    });
    button.setAttribute("aria-describedby", note.id);
    return make("span", { className: "remedy" }, button, note);
  }

  function line(parent, title, remedies) {
    parent.hidden = false;
    refill(
      parent,
      ...(title ? [make("b", { textContent: title })] : []),
      make("span", { className: "said" }),
      make("span", { className: "remedies" }, ...remedies),
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
    const remedies = tale ? tale.remedies.map((remedy) => [remedy, chosenAt(remedy, listing, moment.t)]) : [];
    const found = diagnosis?.troubles?.[0] ?? null;
    const own = found && found.name === tale?.trouble; // the scenario tells of it already
    const diagnosed = diagnosis?.layers.some((layer) => layer.gradient_rms !== null); // once there are gradients
    const offered = (found?.remedies ?? []).filter(
      ({ name }) => !tale?.remedies.some((remedy) => remedy.name === name),
    );
    const look = JSON.stringify([
      scenario,
      remedies.map(([, chosen]) => chosen),
      found?.name,
      diagnosed,
      offered,
      words["language.code"],
    ]);
    const speaks = found || (tale && diagnosed);
    if (look !== drawn) draw(state, { tale, remedies, name: own ? null : found?.name, speaks, offered });
    drawn = look;
    if (tale) write(story, say(words, `scenario.${scenario}.says`));
    if (speaks) write(trouble, say(words, "diagnosis.at", { t: diagnosis.t, said: sentence(words, diagnosis, tale) }));
  }

  /** The lines without their sentences, which change more often than the buttons beside them. */
  function draw({ scenario, words }, { tale, remedies, name, speaks, offered }) {
    root.hidden = !tale && !speaks;
    for (const each of [story, trouble]) {
      each.hidden = true;
      each.replaceChildren();
    }
    if (tale)
      line(
        story,
        say(words, `scenario.${scenario}`),
        remedies.map(([remedy, chosen]) => remedyButton(words, remedy, chosen)),
      );
    if (!speaks) return;
    line(
      trouble,
      name && say(words, `diagnosis.${name}`),
      offered.map((remedy) => remedyButton(words, remedy, {})),
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
