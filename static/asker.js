// Asks the server one question about the moment that is shown, and again when the moment or the question is another.

import { Lost, Refused } from "./connection.js";

const [PLAYING_WAIT, REST] = [80, 4]; // milliseconds between two questions while playing, and times what the last one took

const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/**
 * An asker: `want(t, wish)` with {question, ...fields} or null has the answer brought to `answered`, as {t, key, found}
 * or {t, key, refused}, where the key is `keyOf(wish)`. Of wishes that come faster than answers, only the last is asked.
 * `timed({answer})` hears how many milliseconds it took from the wish until `answered` was through.
 */
export function createAsker(store, ask, answered, timed = () => {}) {
  let busy = false;
  let wanted = null;
  let last = "";

  async function find(t, { question, ...fields }) {
    try {
      return { found: await ask(question, t, fields) };
    } catch (error) {
      if (error instanceof Lost) return null;
      if (error instanceof Refused) return { refused: error };
      throw error;
    }
  }

  async function work() {
    busy = true;
    while (wanted) {
      const { listing } = store.get();
      const { t, wish, at } = wanted;
      wanted = null;
      const began = performance.now();
      const result = await find(t, wish);
      if (!result) last = ""; // the line broke: it is asked again with the next wish
      else if (store.get().listing === listing) {
        answered({ t, key: keyOf(wish), ...result });
        timed({ answer: performance.now() - at });
      }
      if (store.get().playing) await pause(Math.max(PLAYING_WAIT, REST * (performance.now() - began)));
    }
    busy = false;
  }

  return {
    want(t, wish) {
      const text = wish && `${t} ${keyOf(wish)}`;
      if (text === last) return;
      [wanted, last] = [wish && { t, wish, at: performance.now() }, text];
      if (wanted && !busy) work();
    },
    /** Have the next wish asked even if it is the last one again: it may have another answer now. */
    forget() {
      last = "";
    },
  };
}

/** A question in one string, the same whichever moment it is about. */
export const keyOf = (wish) => JSON.stringify(wish);
