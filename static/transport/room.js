// A server that has no room for a run now, since other pages take it: asked again until it has.

import { backOff, Refused } from "../ask/connection.js";

/** @import { Store } from "../base/types.js" */

const FULL = "busy"; // the form of that refusal

/**
 * The answer of `start()`, which is tried until the server has room; meanwhile the store tells that it is `full`.
 *
 * @template T
 * @param {Store} store
 * @param {() => Promise<T>} start
 * @returns {Promise<T>}
 */
export async function whenThereIsRoom(store, start) {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await start();
      store.set({ full: false });
      return answer;
    } catch (error) {
      const full = error instanceof Refused && error.details?.form === FULL;
      if (!full) throw error;
      store.set({ full });
    }
    await store.life.pause(backOff(tries));
  }
}
