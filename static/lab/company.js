// The lanes go along: a moment of the page's run is there once each lane is where it belongs with it.

import { Lost, Refused } from "../ask/connection.js";
import { corresponding } from "./correspond.js";

const PATIENCE = 250; // milliseconds that what is shown waits for a lane that is behind, where something newer is asked for

/**
 * Have the lanes `live`, by their names, go along with the page's run. Returns {of(moment)}: their moments that belong with
 * one of its own, by their names, or nothing where there are none.
 *
 * @param {any} tools
 * @param {Map<string, any>} live
 */
export function keepCompany({ store, accompany }, live) {
  const along = new WeakMap();
  let turn = 0;
  let way = Promise.resolve(); // of the lanes, one moment after the other

  /** Have each lane go to where it belongs with a moment of the page's run, before that is shown. */
  async function together(moment, mine) {
    const began = performance.now();
    const goesOn = () => mine === turn || performance.now() - began < PATIENCE;
    const { listing: page, lanePace } = store.get();
    if (moment.axes !== page?.tensors) return;
    const ready = [...live.values()].filter((lane) => lane.store.get().listing);
    const found = ready.map(async (lane) => {
      const t = corresponding(page, moment.t, lane.store.get().listing, lanePace);
      return /** @type {const} */ ([lane.name, await lane.go(t, goesOn)]);
    });
    along.set(moment, new Map((await Promise.all(found)).filter(([, its]) => its)));
  }

  accompany((moment) => {
    const mine = ++turn;
    if (!live.size) return Promise.resolve();
    const next = () => together(moment, mine);
    way = way.then(next, next);
    return way.catch((error) => {
      if (!(error instanceof Lost || error instanceof Refused)) throw error; // the moment itself is there, and tells of it again
    });
  });

  return { of: (moment) => along.get(moment) };
}
