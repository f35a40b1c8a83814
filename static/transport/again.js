// A page's run that is started again, at a server that has lost it.

import { Refused } from "../ask/connection.js";
import { handBack } from "./landmark.js";
import { whenThereIsRoom } from "./room.js";

/** What is refused of work; null where it is done. */
export async function refusalOf(work) {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

const NAMED = ["start", "dataset.content"]; // what an experiment names, and the server may have lost

/**
 * The answer of `start()`; where the server has lost what the experiment names, `restore(experiment)` gives it again.
 *
 * @template T
 * @param {() => Promise<T>} start
 * @param {object} experiment
 * @param {(experiment: any) => Promise<boolean>} restore
 */
export async function restoring(start, experiment, restore) {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Refused) || !NAMED.includes(error.field) || !(await restore(experiment))) throw error;
    return start();
  }
}

/**
 * Start the run that the store shows by `request(command, fields)`, and hand back what the page has kept of it. A server
 * that has begun anew needs its checkpoint or its table again, which `restore(experiment)` gives, if there is one.
 */
export async function startAgain(store, request, restore) {
  const { experiment } = store.get().listing;
  const start = () => whenThereIsRoom(store, () => request("start", { experiment }));
  await restoring(start, experiment, restore);
  const { landmark } = store.get();
  if (!landmark) return;
  await handBack(request, landmark).catch((error) => {
    if (!(error instanceof Refused)) throw error;
    store.set({ landmark: null }); // and all is run again
  });
}
