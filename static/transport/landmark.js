// What a page keeps of its run, in its memory alone, so that a server that does not have the run goes on from here.

/** @import { Store } from "../base/types.js" */

/** @typedef {{t: number, checksum: string, file: string}} Landmark */

const SOON = 250; // milliseconds from a moment until its landmark is asked for
const [LEAST, REST] = [500, 10]; // milliseconds between two questions, and at least so many times what the last one took
const PART = 2 ** 19; // letters of a file in one command, whole groups of four

/**
 * Keep the store's `landmark` near the moment that is shown. `ask` asks the server.
 *
 * @param {Store} store
 * @param {import("../ask/memory.js").Ask} ask
 */
export function keepLandmark(store, ask) {
  let timer = null;
  let due = 0;

  async function keep() {
    const began = performance.now();
    const { moment } = store.get();
    const answer = moment && (await ask({ question: "landmark" }));
    if (answer?.found?.landmark) store.set({ landmark: answer.found.landmark });
    timer = null;
    due = performance.now() + Math.max(LEAST, REST * (performance.now() - began));
    if (store.get().moment !== moment) plan();
  }

  function plan() {
    if (store.get().moment?.t) timer ??= store.life.later(keep, Math.max(SOON, due - performance.now()));
  }

  store.on(["moment"], plan);
}

/**
 * Hand a landmark back, in parts, by `request(command, fields)`; rejects with Refused where the server does not take it.
 *
 * @param {(command: string, fields: object) => Promise<any>} request
 * @param {Landmark} landmark
 */
export async function handBack(request, { file, checksum }) {
  for (let place = 0; place < file.length; place += PART) {
    const end = place + PART;
    await request("resume", { part: file.slice(place, end), checksum, more: end < file.length });
  }
}
