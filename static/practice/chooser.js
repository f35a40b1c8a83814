// Which prediction comes next: of the kinds that may be asked, one by what has been answered.

import { nextKind, offeredOf } from "./choosing.js";
import { createSuits } from "./suits.js";

const TRIES = 20; // kinds that are tried until one is found
const [FIRST_SEED, SEEDS] = [1000, 2 ** 32]; // seeds below are those of tests

const seedOf = (at) => FIRST_SEED + Math.floor(at * (SEEDS - FIRST_SEED));

/**
 * `concepts()` are all kinds by their concepts; `searched()` is told that it is known what a run has not, and `none()` gives
 * the text for that there is nothing to ask. Returns {choose, again, lacks}.
 */
export function createChooser({ store, ask }, { predicting, progress, kept, concepts, searched, none }) {
  const suits = createSuits(ask, searched);
  const isHere = () => kept.get().source === "here";
  const run = () => store.get().listing.experiment;

  /** The kinds that may be asked now, by the concepts that are chosen; null where the line is lost. */
  async function may() {
    const all = Object.values(concepts()).flat();
    const chosen = (kinds) => offeredOf(concepts(), kept.get().concepts, kinds);
    const wanted = Object.values(chosen(all)).flat();
    const found = isHere() ? await suits.of(run(), store.get().moment.t, all, wanted) : all;
    return found && chosen(found);
  }

  /** A prediction of another kind than the last, where there is any; {waits} where there is none, null where the line is lost. */
  async function choose(last) {
    const here = isHere();
    for (let i = 0; i < TRIES; i += 1) {
      const offered = await may();
      if (!offered) return null;
      const kind = nextKind(offered, Object.values(progress.answers()), last, Math.random);
      if (kind === null) return { waits: none() };
      const asked = await predicting.asked({ kind, seed: seedOf(Math.random()), here }, store.get().moment.t);
      if (!asked || asked.found) return asked;
      if (here) suits.drop(kind); // it is not there again so far on: another one
    }
    return { waits: none() };
  }

  /** The prediction that was asked when the page was left, where it is of a run of its own. */
  async function again() {
    const { asked } = kept.get();
    if (!asked || isHere()) return null;
    const found = await predicting.asked(asked, 0);
    return found?.found ? { ...found, answer: asked.answer } : null;
  }

  return { choose, again, lacks: (kinds) => isHere() && suits.lacks(run(), kinds) };
}
