// How a run that the page has is asked about.

import { createClient } from "../ask/client.js";

/**
 * A client that asks about `run`, which the store shows, over the line that leads to it; it waits until the run is there.
 *
 * @param {any} store
 * @param {{there: () => Promise<void>}} run
 * @param {{request: (command: string, fields: object) => Promise<any>}} line
 */
export const createAsk = (store, run, line) =>
  createClient(store, async (question, t, fields) => {
    await run.there();
    const reply = await line.request("ask", { question, t, ...fields });
    return reply.answer ?? reply;
  });
