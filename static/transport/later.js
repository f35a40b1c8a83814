// What a person has asked for while there was no line, or whose answer went with the line: it waits for the next one.

import { Lost, Refused } from "../ask/connection.js";
import { count } from "../base/numbers.js";

/** @import { Store } from "../base/types.js" */

/**
 * @typedef {object} Request
 * @property {() => Promise<any>} work carries it out
 * @property {number} [changes] the moment of the run that it changes; where there is none, it begins another run
 */

/**
 * Requests that wait. A server that is reached anew has the run as the page shows it, so that none of them is carried out
 * twice. Of those that begin a run the newest counts, and of changes each, in their order.
 *
 * @param {Store} store
 */
export function createLater(store) {
  /** @type {Request[]} */
  let waiting = [];

  /** Say of what has been lost with the line, by its name, that it waits. */
  function tell(error, name) {
    if (error instanceof Lost) store.set({ notice: { text: `later.${name}`, untilConnected: true } });
    return error;
  }

  return {
    tell,

    /**
     * Carry out a request; where the line is lost, it waits, `stop` is called, and this rejects with Lost all the same.
     *
     * @param {Request} request
     * @param {() => void} stop
     */
    async orLater(request, stop) {
      try {
        return await request.work();
      } catch (error) {
        if (error instanceof Lost) {
          const changes = request.changes !== undefined && waiting.every((each) => each.changes !== undefined);
          waiting = changes ? [...waiting, request] : [request];
          stop();
        }
        throw tell(error, request.changes === undefined ? "begin" : "change");
      }
    },

    /**
     * Carry out what waits. What is refused is shown by `refuse`, and waits no more. Tells whether a run has begun.
     *
     * @param {(error: Refused) => void} refuse
     */
    async carryOut(refuse) {
      let begun = false;
      while (waiting.length) {
        const [request] = waiting;
        try {
          await request.work();
          begun ||= request.changes === undefined;
          if (request.changes !== undefined)
            store.set({ notice: { text: "later.changed", blanks: { t: count(request.changes) } } });
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          refuse(error);
        }
        waiting = waiting.filter((each) => each !== request);
      }
      return begun;
    },
  };
}
