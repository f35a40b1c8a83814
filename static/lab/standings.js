// What is asked of all lanes at the moment that is shown: their numbers, their mini-batches, the ground that they stand on,
// and where each parts from lane A.

import { keepAsking } from "../ask/follow.js";
import { stepsAt } from "../base/time.js";
import { FIRST_LANE } from "./names.js";
import { sharedUpTo } from "./way.js";

const WAITS = { resting: 60, playing: 400, rest: 10 }; // milliseconds, as for keepAsking

/** Keep what is known of all lanes; `told()` is called when more is. Returns {of, take}. */
export function keepStandings({ store }, lanes, told) {
  const taken = new Set(); // the lanes that are asked
  const known = new Map(); // of a lane's store: {standing, ground, parting, t}

  const open = () => store.get().stage === "laboratory";

  function learn(own, found) {
    known.set(own, { ...known.get(own), ...found });
    told();
  }

  /** Search on for where a lane and lane A part. */
  async function part(lane) {
    const [page, its] = [store.get(), lane.store.get()];
    const about = JSON.stringify([page.listing.experiment, its.listing.experiment]);
    const before = known.get(lane.store)?.parting;
    const shared = sharedUpTo(page.listing.experiment, its.listing.experiment);
    const upto = Math.ceil(Math.min(stepsAt(page.listing, page.moment.t), stepsAt(its.listing, its.moment.t))) - 1;
    if (before?.about === about && (before.found || before.upto >= upto)) return;
    const first = shared === Infinity ? upto + 1 : Math.floor(stepsAt(page.listing, shared));
    let since = before?.about === about ? before.upto + 1 : first;
    while (since <= upto) {
      const reply = await lane.compare(since, upto).catch(() => null); // without a line, or a run, the next moment asks again
      if (!reply || store.life.ended || lane.store.life.ended) return;
      if (reply.parting) return learn(lane.store, { parting: { about, found: reply.parting, upto } });
      since = reply.searched ?? upto + 1;
      if (store.get().playing) break;
    }
    learn(lane.store, { parting: { about, found: null, upto: since - 1, same: shared === Infinity } });
  }

  /** Ask all lanes at once while they go on, so that what is told of them is of moments that belong together. */
  async function askAll() {
    if (!open()) return;
    const asked = [...taken].map(async (lane) => {
      const { t } = lane.store.get().moment ?? {};
      const answer = t === undefined ? null : await lane.ask({ question: "standing" });
      return answer?.found ? { own: lane.store, found: { t, standing: answer.found } } : null;
    });
    const answers = await Promise.all(asked);
    if (answers.includes(null)) return;
    for (const { own, found } of answers) known.set(own, { ...known.get(own), ...found });
    told();
  }

  /** Ask all of a lane that rests. */
  async function ask(lane) {
    if (!open()) return;
    const { t } = lane.store.get().moment;
    const answer = await lane.ask({ question: "standing" });
    if (answer?.found) learn(lane.store, { t, standing: answer.found });
    if (!open() || !lane.store.get().moment) return;
    const ground = await lane.ask({ question: "ground" });
    learn(lane.store, { ground: ground?.found ?? null, groundAt: t });
    if (lane.name !== FIRST_LANE && lane.store.get().moment) await part(lane);
  }

  return {
    of: (lane) => known.get(lane.store) ?? {},

    /** Keep asking of a lane, and ask of it now. */
    take(lane) {
      taken.add(lane);
      lane.store.life.atEnd(() => taken.delete(lane));
      const passing = () => (lane.name === FIRST_LANE ? askAll() : Promise.resolve());
      keepAsking(
        lane.store,
        (full) => (full ? ask(lane) : passing()),
        () => WAITS,
      );
      store.on(["stage"], () => !lane.store.life.ended && lane.store.get().moment && ask(lane));
    },
  };
}
