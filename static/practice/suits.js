// Which kinds of predictions a run has from a moment on: found by the server part by part, while the first one is asked.

import { same } from "../scene/difference.js";

const ENOUGH = 12; // parts of a search after which the first prediction is asked, where any kind has been found

/**
 * What searches runs. `ask` is the client that asks the server, `heard()` is told once a search has come to its end. Returns {of, drop,
 * lacks}.
 */
export function createSuits(ask, heard) {
  let now = null; // {run, t, kinds, parts, ended, whole, next}: what has been found from t on, and whether that is all

  /** Look for the kinds that have not been found yet, in the next part of a run. */
  async function look(mine, all) {
    const kinds = all.filter((kind) => !mine.kinds.has(kind));
    const answer = await ask({ question: "suiting_kinds", kinds, since: mine.since }, { t: mine.t });
    const { found, searched } = answer?.found ?? { found: {}, searched: null };
    for (const kind of Object.keys(found)) mine.kinds.add(kind);
    mine.parts += 1;
    mine.since = searched;
    mine.ended = searched === null;
    mine.whole = mine.ended && Boolean(answer?.found);
    if (now === mine && mine.whole) heard();
  }

  /** Search on until all is found that there is, or another search has begun. */
  async function search(mine, all) {
    while (now === mine && !mine.ended) {
      mine.next = look(mine, all);
      await mine.next;
    }
    if (now === mine && !mine.whole) now = null; // the line is lost, or the run is another: it is searched again
  }

  /** Whether what is known is about this run from there on, and has one of these kinds or the same moment. */
  const serves = (run, t, wanted) =>
    now &&
    same(now.run, run) &&
    t >= now.t &&
    (!now.whole || t === now.t || wanted.some((kind) => now.kinds.has(kind)));

  return {
    /** The kinds among `all` that a run has from t on, as far as they are known, once one that is wanted is, or none is there;
     * null where the line is lost. */
    async of(run, t, all, wanted) {
      if (!serves(run, t, wanted)) {
        now = { run, t, kinds: new Set(), parts: 0, since: 0, ended: false, whole: false, next: null };
        search(now, all);
      }
      const mine = now;
      const enough = () => mine.parts >= ENOUGH && wanted.some((kind) => mine.kinds.has(kind));
      while (now === mine && !mine.ended && !enough()) await mine.next;
      return mine.ended && !mine.whole ? null : mine.kinds;
    },
    /** A kind that has not been found again further on. */
    drop: (kind) => now?.kinds.delete(kind),
    /** Whether it is known that a run has none of these kinds. */
    lacks: (run, kinds) => Boolean(now?.whole) && same(now.run, run) && !kinds.some((kind) => now.kinds.has(kind)),
  };
}
