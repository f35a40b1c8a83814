// The moments that the run comes to while a surface is shown: each becomes a point of its path.

import { isPassing } from "../ask/query.js";
import { settledAt } from "../base/time.js";

const PLAYING_WAIT = 120; // milliseconds between two moments that are asked about while it plays
const REST = 4; // times what the last one took

/** Ask about the moment that is shown, one at a time; `measured()` is the surface, or null while there is none. */
export function createFollowing(store, measure, measured) {
  let [busy, stale] = [false, false];
  return async function follow() {
    const { stage, moment, listing } = store.get();
    const now = measured();
    if (stage !== "surface" || !moment || !now || now.listing !== listing || isPassing(store.get())) return;
    const t = settledAt(listing, moment.t);
    if (now.paths[0].points.some((point) => settledAt(listing, point.t) === t)) return;
    if (busy) {
      stale = true;
      return;
    }
    [busy, stale] = [true, false];
    const began = performance.now();
    const found = await measure.add(t);
    const wait = store.get().playing ? Math.max(PLAYING_WAIT, REST * (performance.now() - began)) : 0;
    store.life.later(() => {
      busy = false;
      if (stale && found) follow();
    }, wait);
  };
}
