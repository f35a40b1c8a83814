// The one that asks the server, for all: it alone knows a line that is lost, an answer that comes too late, and one to
// what nobody wants to know any more.

import { Lost, Refused } from "./connection.js";

const LONGEST = 60_000; // milliseconds that an answer is waited for

/**
 * @typedef {{question: string, [field: string]: any}} Question
 *
 * @typedef {object} Terms
 * @property {number} [t] the moment that is asked about; without it, the one that is shown
 * @property {"run" | "moment"} [of] how long the answer counts: while the run is as it was, or while the moment is shown
 * @property {() => boolean} [while] and while this holds
 * @property {number} [within] milliseconds
 */

/**
 * A client: `ask(question, terms)` resolves to {found} with the answer, to {refused} with the Refused error, or to null
 * where there is no answer that still counts. `request(question, t, fields)` asks over the line.
 *
 * @param {any} store
 * @param {(question: string, t: number, fields: object) => Promise<any>} request
 */
export function createClient(store, request) {
  const { life } = store;

  /** The answer, or null where the line is lost or the time is over. */
  function inTime({ question, ...fields }, t, within) {
    return new Promise((resolve, reject) => {
      const timer = life.later(resolve, within, null);
      request(question, t, fields)
        .then((found) => ({ found }))
        .catch((error) => {
          if (error instanceof Refused) return { refused: error };
          if (error instanceof Lost) return null;
          throw error;
        })
        .then(resolve, reject)
        .finally(() => life.cancel(timer));
    });
  }

  /**
   * @param {Question} question
   * @param {Terms} [terms]
   */
  return async function ask(question, { t, of = "run", while: wanted = () => true, within = LONGEST } = {}) {
    const { listing, moment } = store.get();
    const result = await inTime(question, t ?? moment.t, within);
    const now = store.get();
    const counts = now.listing === listing && (of === "run" || now.moment === moment) && wanted();
    return counts && !life.ended ? result : null;
  };
}
