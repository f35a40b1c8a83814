// Asks the server one question about the moment that is shown, and again when the moment or the question is another.

import { createMemory, keyOf } from "./memory.js";

/** @import { Ask, Result } from "./memory.js" */
/** @import { Store } from "../base/types.js" */

const [PLAYING_WAIT, REST] = [80, 4]; // milliseconds between two questions while playing, and times what the last one took

/**
 * Whether the moment that is shown is only passed on the way to another one, which is sought.
 *
 * @param {{wanted: number | null, moment: {t: number} | null}} state
 */
export const isPassing = ({ wanted, moment }) => wanted !== null && wanted !== moment?.t;

/**
 * An asker: `want(t, question)` with {question, ...fields} or null has the answer brought to `answered`, as {t, key, found}
 * or {t, key, refused}, where the key is `keyOf(question)`: at once, and then it returns true, where it is there already.
 * Of questions that come faster than answers, only the last is asked; of moments that are only passed, none.
 * `expect(t, question)` asks what will be wanted soon.
 * `timed({answer})` hears how many milliseconds it took from the question until `answered` was through.
 *
 * @param {Store} store
 * @param {Ask} ask
 * @param {(answer: {t: number, key: string} & Result) => void} answered
 * @param {(times: {answer: number}) => void} [timed]
 */
export function createAsker(store, ask, answered, timed = () => {}) {
  const memory = createMemory(ask);
  let busy = false;
  let next = null;
  let last = "";
  let [turns, told] = [0, 0]; // how many there were, and the latest that has been answered

  function tell({ t, question, at, turn }, result) {
    if (turn < told) return;
    told = turn;
    answered({ t, key: keyOf(question), ...result });
    timed({ answer: performance.now() - at });
  }

  async function work() {
    busy = true;
    while (next && !isPassing(store.get())) {
      const now = next;
      next = null;
      const began = performance.now();
      const result = await memory.find(now.t, now.question);
      if (result) tell(now, result);
      else last = ""; // it is asked again with the next question
      if (store.get().playing) await store.life.pause(Math.max(PLAYING_WAIT, REST * (performance.now() - began)));
    }
    busy = false;
  }

  store.on(["wanted"], () => busy || work());

  return {
    want(t, question) {
      const text = question && `${t} ${keyOf(question)}`;
      if (text === last) return false;
      last = text;
      const now = question && { t, question, at: performance.now(), turn: ++turns };
      const known = question && memory.known(t, question);
      next = known ? null : now;
      if (known) tell(now, known);
      else if (!busy) work();
      return Boolean(known);
    },
    expect(t, question) {
      if (question) memory.find(t, question);
    },
    /** Have the next question asked even if it is the last one again: it may have another answer now. */
    forget() {
      last = "";
      memory.clear();
    },
  };
}
