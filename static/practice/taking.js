// The taking of a test: its items one after the other, and at the end the truth of all of them.

import { ofPrediction } from "../lessons/truth.js";
import { same } from "../scene/difference.js";

/** What tells the results of this browser from those of others. */
function personIn(kept) {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const person = kept.get().person || Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  kept.set({ person });
  return person;
}

/** The truth of all items, beside these answers; null where the line is lost. */
async function truthsOf(predicting, items, answers) {
  const found = [];
  for (const [i, item] of items.entries()) {
    const prediction = await predicting.asked(item, 0);
    const revealed = prediction?.found && (await predicting.revealed(prediction.found, answers[i]));
    if (!revealed) return null;
    found.push({ found: prediction.found, revealed, answer: answers[i] });
  }
  return found;
}

/**
 * `test` is its name, and `items()` are what it asks; `changed()` is told of all that is to be shown anew. Of what is kept of it,
 * `begun()` is {name, answers, step} while it is taken, and `result()` what came of it; `asked()` is the item that is shown,
 * {step, found, waits}, and `reasons()` are those of all items, {found, revealed, answer}, once they are known.
 */
export function createTaking({ store, clock }, { test, items, kept, predicting, truth, changed }) {
  const beside = { practice: test };
  let asked = null;
  let reasons = [];

  const begun = () => kept.get().begun[test] ?? null;
  const result = () => kept.get().results[test] ?? null;
  const put = (name, value) => kept.set({ [name]: { ...kept.get()[name], [test]: value } });
  const isItsRun = () => same(asked.found.experiment, store.get().listing.experiment);

  /** Show an item. */
  async function go(step) {
    const mine = { step, found: null, waits: null };
    asked = mine;
    put("begun", { ...begun(), step });
    changed();
    const found = await predicting.asked(items()[step], 0);
    if (asked !== mine) return;
    if (found) Object.assign(mine, found);
    else asked = null; // the line is lost: it is asked when there is one again
    if (mine.found) await truth.openAt(ofPrediction(mine.found), beside);
    changed();
  }

  return {
    begun,
    result,
    asked: () => asked,
    reasons: () => reasons,
    go,
    begin(name) {
      put("begun", { name, answers: items().map(() => null), step: 0 });
      return go(0);
    },
    choose(answer) {
      const { answers, step, ...others } = begun();
      put("begun", { ...others, step, answers: answers.with(step, answer) });
    },
    /** Compute the score. Resolves to whether that was done. */
    async finish() {
      const now = begun();
      const { answers, name = "" } = now;
      const found = await truthsOf(predicting, items(), answers);
      if (begun() !== now) return false; // it has been finished or answered otherwise meanwhile
      if (!found) {
        store.set({ notice: { text: "practice.lost" } });
        return false;
      }
      reasons = found;
      asked = null;
      const given = items().map((item, i) => ({
        ...item,
        answer: answers[i],
        right: found[i].revealed.right === true,
      }));
      put("results", { test, name, person: personIn(kept), date: new Date().toISOString(), items: given });
      put("begun", undefined);
      return true;
    },
    /** Fetch the reasons of a test that was done before. */
    async explain() {
      const answers = result().items.map(({ answer }) => answer);
      reasons = (await truthsOf(predicting, items(), answers)) ?? [];
    },
    name: (name) => put("results", { ...result(), name }),
    forget() {
      put("results", undefined);
      reasons = [];
    },
    /** Whether another moment is shown than that of the item. */
    isAway() {
      const { moment, wanted } = store.get();
      if (!asked?.found || !moment || wanted !== null) return false;
      return !isItsRun() || moment.t !== asked.found.t;
    },
    /** Go back to the moment of the item, where its run has left it. */
    hold() {
      if (isItsRun()) clock.seek(asked.found.t);
    },
    show: () => truth.openAt(ofPrediction(asked.found), beside),
    /** Show where the truth of an item is seen. */
    look({ found, revealed: { t, example } }) {
      const whose = example === null ? {} : { example, arrowsOf: "example" };
      return truth.openAt({ ...ofPrediction(found), t }, { ...beside, ...whose });
    },
    leave() {
      asked = null;
    },
  };
}
