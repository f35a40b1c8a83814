// The lanes of a mount, and what is done with them: forked, dropped, renamed, made the run of the page.

import { Lost, Refused } from "../ask/connection.js";
import { viewOf } from "../scene/view.js";
import { holdLanes } from "./held.js";
import { FIRST_LANE, LANES, nextName, OTHERS } from "./names.js";
import { wayFrom } from "./way.js";

/** A seventh lane is refused before work begins. */
const tooMany = () =>
  new Refused({
    refused: `invalid lane: 7 (at most ${OTHERS.length + 1} at once)`,
    field: "lanes",
    details: { kind: "invalid", noun: "lane", value: "7", form: "at_once", blanks: { limit: OTHERS.length + 1 } },
  });

/** The experiment of a run without its changes after t. */
const upTo = ({ changes = [], ...rest }, t) => ({ ...rest, changes: changes.filter((change) => change.t <= t) });

/**
 * The lanes: one for each of the store's `lanes`. `told()` is called when one of them has another listing or moment.
 *
 * @param {any} tools
 * @param {() => void} told
 */
export function createLanes(tools, told) {
  const { store, openScene } = tools;
  const held = holdLanes(tools, told);
  const { live, at, drop } = held;

  return {
    /** All lanes, that of the page first: {name, store, ask}. */
    all: () => [{ name: FIRST_LANE, store, ask: tools.ask }, ...live.values()],

    of: (name) => live.get(name) ?? null,

    at,

    drop,

    /** Make another lane: see tools.fork in mount.js. */
    async fork(given, { t = store.get().moment?.t ?? 0, change = null } = {}) {
      const { lanes, listing } = store.get();
      const name = nextName([...lanes.map((lane) => lane.name), ...held.coming()]);
      if (!name) throw tooMany();
      const base = given ?? upTo(listing.experiment, t);
      const experiment = change ? { ...base, changes: [...(base.changes ?? []), { t, ...change }] } : base;
      const ours = wayFrom(listing.experiment, experiment, t);
      const lane = held.hold(name, experiment);
      try {
        await (ours ? lane.fork(ours) : lane.begin(experiment));
        const made = { name, title: "", experiment: lane.store.get().listing.experiment };
        store.set({ lanes: [...store.get().lanes, made], stage: "laboratory" });
        return name;
      } catch (error) {
        held.release(name);
        if (error instanceof Lost) return null;
        throw error;
      } finally {
        held.settle(name);
      }
    },

    /** Make a lane the run of the page, whose run becomes that lane. */
    async promote(name) {
      const { listing, lanes, laneTitle } = store.get();
      const { store: its } = live.get(name);
      const { experiment } = its.get().listing;
      const others = lanes.map((lane) =>
        lane.name === name ? { name, title: laneTitle, experiment: listing.experiment } : lane,
      );
      const view = {
        ...viewOf(store.get(), store.keys),
        lanes: LANES.plain(others, { listing: { experiment } }),
        laneTitle: lanes.find((lane) => lane.name === name).title,
      };
      await openScene({ experiment, t: its.get().moment.t, view });
    },

    rename(name, title) {
      if (name === FIRST_LANE) store.set({ laneTitle: title });
      else store.set({ lanes: store.get().lanes.map((lane) => (lane.name === name ? { ...lane, title } : lane)) });
    },
  };
}
