// A lane: another run on the page's line, shown by a store of its own as the run of the page is by the page's.

import { keepCurves } from "../charts/curves.js";
import { upTo as pastOf } from "../state/curve.js";
import { createRun } from "../state/run.js";
import { createStore } from "../state/store.js";
import { startAgain } from "../transport/again.js";
import { createAsk } from "../transport/asking.js";
import { createBeginnings } from "../transport/beginnings.js";
import { keepLandmark } from "../transport/landmark.js";
import { createMoments } from "../transport/moments.js";
import { PAGE_RUN } from "./names.js";

/** What a lane has of the page's choices, which are one for all lanes. */
export const SHARED = [
  "words",
  "theme",
  "connected",
  "playing",
  "example",
  "arrows",
  "arrowsOf",
  "arrowScale",
  "logarithmic",
];

/** The values of the page that its lanes share. @type {(state: any) => Record<string, any>} */
export const sharedOf = (state) => Object.fromEntries(SHARED.map((name) => [name, state[name]]));

const NO_TRAIL = { leave() {}, stay() {} };
const NOT_LATER = { tell: (error) => error, orLater: ({ work }) => work() }; // what a lane is asked for does not outlive the line

/**
 * The lane of a name; `runName` is its run's at the server. `tools` are those of the mount; `at(listing)` tells the
 * moment at which the lane is to be.
 *
 * @param {string} name
 * @param {string} runName
 * @param {any} tools
 * @param {(listing: any) => number} at
 */
export function createLane(name, runName, { store: page, beside, run: pageRun, restore, offers }, at) {
  const store = createStore(page.keys, sharedOf(page.get()));
  const line = beside(runName);
  const run = createRun(line);
  const moments = createMoments(store, run, line, NOT_LATER);
  const ask = createAsk(store, run, line);
  const clock = { stop() {}, seek: () => arrive() };
  const given = { moments, clock, later: NOT_LATER, offers, trail: NO_TRAIL, restore };
  const beginnings = createBeginnings(store, run, given);
  keepLandmark(store, ask);
  keepCurves(store);

  let goal = 0; // the number of the moment that is sought: a newer one takes its place

  /** The moment t, or where `goesOn()` is over before it is reached, one on the way; null where a newer one is sought. */
  async function go(t, goesOn = () => true) {
    const mine = ++goal;
    for (;;) {
      const moment = await moments.fetch(t);
      if (mine !== goal || store.life.ended) return null;
      if (moment.t === t || !goesOn()) return moment;
    }
  }

  /** Show the moment at which the lane is to be. */
  async function arrive() {
    store.set(sharedOf(page.get())); // a run that begins forgets whether the page plays
    for (;;) {
      const { listing } = store.get();
      const t = at(listing);
      const moment = await go(t);
      if (!moment) return;
      moments.show(moment, 0);
      if (store.get().listing === listing && at(listing) === t) return;
    }
  }

  return {
    name,
    run: runName,
    store,
    ask,
    go,
    arrive,
    show: moments.show,
    change: beginnings.change,

    /** Begin the run of an experiment, and go where the lane is to be. */
    async begin(experiment) {
      await beginnings.begin(experiment, 0);
      await arrive();
    },

    /** Make it of the page's run: fork that at t, make the changes, and go where the lane is to be. */
    async fork({ t, changes }) {
      await run.begin(async (request) => {
        let listing = null;
        await pageRun.change(async (ofPage) => {
          ({ listing } = await ofPage("fork", { t, as: runName }));
        });
        try {
          for (const change of changes) ({ listing } = await request("change", change));
        } catch (error) {
          await request("stop", {});
          throw error;
        }
        store.forget("run", { listing, curves: pastOf(page.get().curves, t) });
      });
      await arrive();
    },

    /** Where it and the page's run part, {parting, searched}, from one training step up to another. */
    async compare(since, upto) {
      await run.there();
      return line.request("compare", { with: PAGE_RUN, since, upto });
    },

    /** Begin the run again at a server that has lost it. */
    again: () => run.again((request) => startAgain(store, request, restore)),

    /** End the run, at the server too. */
    end() {
      store.life.end();
      run.change((request) => request("stop", {})).catch(() => {}); // a line that is lost has ended it
    },
  };
}
