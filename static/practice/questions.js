// The predictions of practice, one after the other: chosen, asked of this run or of others, and revealed.

import { practised } from "../lessons/progress.js";
import { ofPrediction } from "../lessons/truth.js";
import { same } from "../scene/difference.js";
import { createChooser } from "./chooser.js";

const BESIDE = { practice: "questions" };
const UNASKED = { found: null, answer: null, revealed: null, waits: null };

/**
 * `tools` are the mount's, `shared` what the rooms of practice share and the chooser needs; `changed()` is told of all that is
 * to be shown anew. What is asked is {found, answer, revealed, waits, run}.
 */
export function createQuestions(tools, shared) {
  const { store, clock } = tools;
  const { truth, progress, kept, changed } = shared;
  const chooser = createChooser(tools, shared);
  let current = null;
  let last = null; // the kind that was asked last
  let turn = 0;

  const run = () => store.get().listing.experiment;

  const keep = () => {
    const { found, answer, revealed } = current;
    const open = found && !found.here && !revealed;
    kept.set({ asked: open ? { kind: found.kind, seed: found.seed, answer } : null });
  };

  /** Show the example that a prediction about this run is about, and whose arrows: those of the mini-batch, or its own. */
  function point({ example }, arrowsOf) {
    store.set(example === null ? { arrowsOf } : { example, arrowsOf });
  }

  /** Take the run to the moment that is asked about. */
  async function show() {
    const { found, run: own } = current;
    if (!found.here) await truth.openAt(ofPrediction(found), BESIDE);
    else if (same(own, run())) await clock.seek(found.t);
    else await truth.openAt({ experiment: own, t: found.t, view: {} }, BESIDE);
    if (found.here) point(found, store.keys.arrowsOf.initial);
  }

  async function begin(choice) {
    turn += 1;
    const mine = turn;
    const asked = await choice;
    if (mine !== turn) return;
    if (!asked) {
      current = null; // the line is lost: it is asked when there is one again
      changed();
      return;
    }
    current = { ...UNASKED, ...asked, run: run() };
    last = current.found?.kind ?? last;
    keep();
    if (current.found) await show();
    changed();
  }

  function next() {
    current = { ...UNASKED };
    changed();
    return begin(chooser.choose(last));
  }

  return {
    current: () => current,
    next,
    /** Ask what was asked before, or something new. */
    async open() {
      current = { ...UNASKED };
      changed();
      await begin(chooser.again().then((found) => found ?? chooser.choose(last)));
    },
    show,
    /** Whether what is asked is not of the run and the moment that are shown. */
    isAway() {
      const { moment, listing, wanted } = store.get();
      if (!current?.found || !moment || wanted !== null) return false;
      const { found, revealed, run: own } = current;
      const there = found.here ? own : found.experiment;
      return !same(there, listing.experiment) || (!revealed && moment.t !== found.t);
    },
    lacks: chooser.lacks,
    choose(answer) {
      current.answer = answer;
      keep();
    },
    async reveal() {
      const mine = current;
      if (mine.busy) return;
      mine.busy = true;
      if (mine.found.here && !same(mine.run, run())) await show();
      const done = await truth.reveal(mine, BESIDE);
      mine.busy = false;
      if (mine.found.here && mine.revealed && mine.found.example !== null) point(mine.found, "example");
      const date = new Date();
      if (done) progress.answer(practised(date), { ...done, date: date.toISOString() });
      if (current === mine) keep();
      changed();
    },
    explain: () => truth.explain(current),
  };
}
