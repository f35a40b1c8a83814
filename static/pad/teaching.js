// Teaching: which drawings a run learns from at a moment, and what that has cost the others.

import { askPredictions } from "../learned/predictions.js";
import { segmentAt, settledAt } from "../base/time.js";

const RESTING = 200; // milliseconds that a moment must have stayed
const SHOWN = 200; // milliseconds between two reports of progress

/**
 * What is learned from at t beside the data set, or instead: {drawings, begin, pending}, where `begin` is the moment from
 * which on drawings have been learned from without a break, and pending while that is still to come; null for none.
 */
export function taughtAt(listing, t) {
  const at = listing.segments.indexOf(segmentAt(listing, t));
  const next = listing.segments[at + 1];
  const soon = next && next.t - t < listing.segments[at].program.length ? next : null;
  const now = soon ?? listing.segments[at];
  if (!now.experiment.drawings) return null;
  const before = listing.segments.slice(0, listing.segments.indexOf(now) + 1);
  const first = before.findLastIndex((segment) => !segment.experiment.drawings) + 1;
  return { drawings: now.experiment.drawings, begin: before[first].t, pending: now === soon };
}

/** The drawings taught up to the moment that is shown, while their cost can be known; else null. */
const open = ({ padTab, moment, listing, playing, connected }) => {
  if (padTab !== "teach" || !moment || playing || !connected || listing.kind !== "classes") return null;
  const taught = taughtAt(listing, moment.t);
  return taught && moment.t >= taught.begin ? taught : null;
};

/** The cost at the moment that is shown: without `now` where only the cost at another moment is known. */
export function costAt({ cost, listing, moment }) {
  if (!cost || cost.listing !== listing) return null;
  return cost.settled === settledAt(listing, moment.t) ? cost : { ...cost, now: null };
}

/** A run up to a moment, in one string. */
function pastOf({ experiment }, begin) {
  const changes = (experiment.changes ?? []).filter(({ t }) => t < begin);
  return JSON.stringify([begin, { ...experiment, changes }]);
}

/**
 * Keep the store's `cost` at what the lessons of the moment have cost: {begin, before, now}, the predictions of the
 * held-out examples where the lessons began and at the moment that is shown, both as predictions.js gives them, or null
 * while they are not known.
 */
export function keepCost(store, ask) {
  let timer = null;
  let busy = false;
  let kept = { past: null, result: null }; // the predictions where the lessons began

  async function at(t, alive, show) {
    let reported = 0;
    const progress = (result) => {
      if (performance.now() - reported < SHOWN) return;
      reported = performance.now();
      show(result);
    };
    return askPredictions(ask, t, { split: "held_out" }, { progress, alive });
  }

  async function work() {
    const state = store.get();
    const taught = open(state);
    if (busy || !taught) return;
    busy = true;
    const {
      listing,
      moment: { t },
    } = state;
    const [past, settled] = [pastOf(listing, taught.begin), settledAt(listing, t)];
    const same = () => store.get().listing === listing && store.get().moment.t === t && Boolean(open(store.get()));
    const set = (part) => store.set({ cost: { ...store.get().cost, ...part } });
    store.set({
      cost: { begin: taught.begin, settled, listing, before: kept.past === past ? kept.result : null, now: null },
    });
    if (kept.past !== past) {
      const before = await at(taught.begin, same, (found) => set({ before: found }));
      if (before) {
        kept = { past, result: before };
        set({ before });
      }
    }
    if (same()) {
      const now = settled === taught.begin ? kept.result : await at(t, same, (found) => set({ now: found }));
      if (now) set({ now });
    }
    busy = false;
    if (!same()) plan();
  }

  /** Whether what is known is about the moment that is shown. */
  function known(state) {
    const now = costAt(state)?.now;
    return now && now.done >= now.of;
  }

  function plan() {
    store.life.cancel(timer);
    const state = store.get();
    if (open(state) && !known(state)) timer = store.life.later(work, RESTING);
  }

  store.on(["moment", "padTab", "playing", "listing", "connected"], plan);
}
