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

/**
 * Start the run that the store shows by `request(command, fields)`, and hand back what the page has kept of it. A server
 * that has begun anew needs its checkpoint again, which `restore(experiment)` gives, if there is one.
 */
export async function startAgain(store, request, restore) {
  const { experiment } = store.get().listing;
  const start = () => whenThereIsRoom(store, () => request("start", { experiment }));
  try {
    await start();
  } catch (error) {
    if (!(error instanceof Refused) || !(await restore(experiment))) throw error;
    await start();
  }
  const { landmark } = store.get();
  if (!landmark) return;
  await handBack(request, landmark).catch((error) => {
    if (!(error instanceof Refused)) throw error;
    store.set({ landmark: null }); // and all is run again
  });
}
