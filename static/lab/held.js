// The lanes that are there: one for each of the store's `lanes`, begun, begun again and ended as these say.

import { Lost, Refused } from "../ask/connection.js";
import { refusal } from "../base/words.js";
import { same } from "../scene/difference.js";
import { keepCompany } from "./company.js";
import { corresponding } from "./correspond.js";
import { createLane, SHARED, sharedOf } from "./lane.js";

/** Have lanes share the page's choices, show their moments with its own, and begin again at a server that has lost them. */
function keepInStep({ store }, live, company, { attempt, arrive }) {
  store.on(SHARED, (state) => {
    for (const lane of live.values()) lane.store.set(sharedOf(state));
  });
  store.on(["moment"], ({ moment, gestureTime }) => {
    if (!moment) return;
    const found = company.of(moment);
    for (const lane of live.values()) {
      const its = found?.get(lane.name);
      if (its) lane.show(its, gestureTime);
      else if (lane.store.get().listing) arrive(lane);
    }
  });
  store.on(["lanePace"], () => {
    for (const lane of live.values()) if (lane.store.get().moment) arrive(lane);
  });
  let connected = true;
  store.on(["connected"], (state) => {
    const again = state.connected && !connected;
    connected = state.connected;
    for (const { name, experiment } of again ? state.lanes : []) {
      const lane = live.get(name);
      const has = lane?.store.get().listing?.experiment;
      if (lane) attempt(name, has && same(has, experiment) ? lane.again() : lane.begin(experiment));
    }
  });
  store.life.atEnd(() => {
    for (const lane of live.values()) lane.store.life.end();
  });
}

/** What is told of a lane. */
const toldOf = ({ name, run, store: { get } }) => ({
  name,
  run,
  t: get().moment?.t ?? null,
  experiment: get().listing?.experiment ?? null,
});

/**
 * Hold the lanes. `told()` is called when one of them has another listing or moment. Returns {live, at, hold, release, drop}:
 * those that are there by their names; the moment at which a lane with a listing is to be; `hold(name, experiment)` takes in a
 * lane that is not among the store's yet, and `release(name)` ends it; `drop(name)` takes one from among the store's.
 *
 * @param {any} tools
 * @param {() => void} told
 */
export function holdLanes(tools, told) {
  const { store } = tools;
  /** @type {Map<string, ReturnType<typeof createLane>>} */
  const live = new Map();
  /** @type {Map<string, any>} */
  const wanted = new Map(); // the experiment of each, as it was asked for or is
  const coming = new Set(); // the names of those that are not among the store's yet
  let count = 0; // of all lanes so far
  const company = keepCompany(tools, live);

  /** The moment at which a lane with this listing is to be. */
  function at(listing) {
    const { listing: page, moment, lanePace } = store.get();
    return corresponding(page, moment?.t ?? 0, listing, lanePace);
  }

  /** Write what is told of the lanes. */
  function tell() {
    store.set({ lanesTold: [...live.values()].map(toldOf) });
    told();
  }

  /** Do what a lane is asked for; where it is refused, the lane is dropped and it is said why. */
  async function attempt(name, work) {
    try {
      await work;
    } catch (error) {
      if (error instanceof Lost) return; // the lane begins again with the next line
      if (!(error instanceof Refused)) throw error;
      store.set({ notice: { text: "refused", blanks: { said: refusal(store.get().words, error) } } });
      drop(name);
    }
  }

  /** Take in a lane of an experiment, and hear of it. */
  function hold(name, experiment) {
    count += 1;
    const lane = createLane(name, `${name}${count}`, tools, at); // a run of its own name, as the one before may not have ended yet
    live.set(name, lane);
    wanted.set(name, experiment);
    lane.store.on(["listing"], ({ listing }) => listing && keep(name, listing.experiment));
    lane.store.on(["listing", "moment"], tell);
    return lane;
  }

  /** Keep the experiment of a lane's run among the store's lanes. */
  function keep(name, experiment) {
    wanted.set(name, experiment);
    const { lanes } = store.get();
    const own = lanes.find((lane) => lane.name === name);
    if (!own || same(own.experiment, experiment)) return;
    store.set({ lanes: lanes.map((lane) => (lane === own ? { ...lane, experiment } : lane)) });
  }

  function release(name) {
    live.get(name)?.end();
    live.delete(name);
  }

  /** Have a lane for each one of the store's, and no others. */
  function reconcile({ lanes, listing }) {
    const gone = [...live.keys()].filter((name) => !coming.has(name) && !lanes.some((lane) => lane.name === name));
    for (const name of gone) release(name);
    if (!listing) return;
    for (const { name, experiment } of lanes) {
      const lane = live.get(name);
      if (lane && same(wanted.get(name), experiment)) continue;
      wanted.set(name, experiment);
      attempt(name, (lane ?? hold(name, experiment)).begin(experiment));
    }
    tell();
  }

  function drop(name) {
    const { lanes, laneDifference, laneOpen } = store.get();
    store.set({
      lanes: lanes.filter((lane) => lane.name !== name),
      laneDifference: laneDifference === name ? null : laneDifference,
      laneOpen: laneOpen === name ? null : laneOpen,
    });
  }

  keepInStep(tools, live, company, { attempt, arrive: (lane) => attempt(lane.name, lane.arrive()) });
  store.on(["lanes", "listing"], reconcile);
  return {
    live,
    at,
    drop,
    coming: () => [...coming],
    hold(name, experiment) {
      coming.add(name);
      return hold(name, experiment);
    },
    settle: (name) => coming.delete(name),
    release,
  };
}
