// Asks the server one question about the moment that is shown, and again when the moment or the question is another.

import { createMemory, keyOf } from "./memory.js";

const [PLAYING_WAIT, REST] = [80, 4]; // milliseconds between two questions while playing, and times what the last one took

/**
 * An asker: `want(t, wish)` with {question, ...fields} or null has the answer brought to `answered`, as {t, key, found}
 * or {t, key, refused}, where the key is `keyOf(wish)`: at once, and then it returns true, where it is there already.
 * Of wishes that come faster than answers, only the last is asked. `expect(t, wish)` asks what will be wanted soon.
 * `timed({answer})` hears how many milliseconds it took from the wish until `answered` was through.
 *
 * @param {(times: {answer: number}) => void} [timed]
 */
export function createAsker(store, ask, answered, timed = () => {}) {
  const memory = createMemory(ask);
  let busy = false;
  let wanted = null;
  let last = "";
  let [wishes, told] = [0, 0]; // how many there were, and the latest that has been answered

  function tell({ t, wish, at, turn }, result) {
    if (turn < told) return;
    told = turn;
    answered({ t, key: keyOf(wish), ...result });
    timed({ answer: performance.now() - at });
  }

  async function work() {
    busy = true;
    while (wanted) {
      const now = wanted;
      wanted = null;
      const began = performance.now();
      const result = await memory.find(now.t, now.wish);
      if (result) tell(now, result);
      else last = ""; // it is asked again with the next wish
      if (store.get().playing) await store.life.pause(Math.max(PLAYING_WAIT, REST * (performance.now() - began)));
    }
    busy = false;
  }

  return {
    want(t, wish) {
      const text = wish && `${t} ${keyOf(wish)}`;
      if (text === last) return false;
      last = text;
      const now = wish && { t, wish, at: performance.now(), turn: ++wishes };
      const known = wish && memory.known(t, wish);
      wanted = known ? null : now;
      if (known) tell(now, known);
      else if (wanted && !busy) work();
      return Boolean(known);
    },
    expect(t, wish) {
      if (wish) memory.find(t, wish);
    },
    /** Have the next wish asked even if it is the last one again: it may have another answer now. */
    forget() {
      last = "";
      memory.clear();
    },
  };
}
