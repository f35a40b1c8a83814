// What is asked about a map: which settings there are, and then its runs, part by part, so that the run can go on between.

import { none, withAnswer } from "./runs.js";

const WAIT = 120; // milliseconds until an answer without runs is asked for again

/**
 * @typedef {object} Measured
 * @property {any} settings what the server offers
 * @property {{x: any, y: any}} axes both axes, each with the ends that are shown
 * @property {number} steps how many training steps each run has
 * @property {import("./runs.js").Runs} runs
 * @property {any} facts what the server says of the map; null before its first answer
 */

/** The axes of a wish, or the first two settings over their own ranges. */
function axesOf({ axes: known }, wished) {
  const ends = ({ field, low, high }) => ({ field, low, high });
  const { x, y } = wished ?? { x: ends(known[0]), y: ends(known[1]) };
  const whole = (/** @type {any} */ axis) => ({ ...known.find(({ field }) => field === axis.field), ...axis });
  return { x: whole(x), y: whole(y) };
}

/**
 * Measure maps, one at a time: `begin(wish)` leaves the one before. `changed(measured)` hears of each part, and
 * `refused(error)` of what cannot be.
 *
 * @param {any} store
 * @param {any} ask
 * @param {(measured: Measured) => void} changed
 * @param {(error: any) => void} refused
 */
export function createMeasure(store, ask, changed, refused) {
  let turn = 0;

  /** The answer to a question of this turn, or null where it is over or refused. */
  async function asked(now, question, t) {
    const answer = await ask(question, { t, of: "run", while: () => turn === now });
    if (answer?.refused) refused(answer.refused);
    return answer?.found ?? null;
  }

  return {
    /** Measure the map of the settings in force at t: its axes or null, its runs on a side and their training steps. */
    async begin({ t, axes: wished, side, steps }) {
      turn += 1;
      const now = turn;
      const settings = await asked(now, { question: "map_settings" }, t);
      if (!settings) return;
      const axes = axesOf(settings, wished);
      let measured = { settings, axes, steps, runs: none(side), facts: null };
      changed(measured);
      const [x, y] = [axes.x, axes.y].map(({ field, low, high }) => ({ field, low, high }));
      while (measured.runs.done < side * side) {
        const start = measured.runs.done;
        const found = await asked(now, { question: "map", x, y, side, training_steps: steps, start }, t);
        if (!found) return;
        measured = { ...measured, runs: withAnswer(measured.runs, found), facts: found.facts };
        changed(measured);
        if (measured.runs.done === start) await store.life.pause(WAIT);
      }
    },
    /** Leave what is being measured. */
    end() {
      turn += 1;
    },
  };
}
