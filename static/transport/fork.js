// The press that forks the run where it is.

import { Refused } from "../ask/connection.js";
import { refusal } from "../base/words.js";

/**
 * Fork the run by `fork()`, which resolves to the name of the lane, and have the settings of that lane open; where it is
 * refused, say why.
 *
 * @param {import("../base/types.js").Store} store
 * @param {() => Promise<string | null>} fork
 */
export async function forkHere(store, fork) {
  try {
    const lane = await fork();
    if (lane) store.set({ laneOpen: lane });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    store.set({ notice: { text: "refused", blanks: { said: refusal(store.get().words, error) } } });
  }
}
