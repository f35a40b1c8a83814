// Files that are sent to the server, beside the line.

import { backOff, Lost, Refused } from "./connection.js";

const PATIENCE = 130_000; // milliseconds for a file to be sent and answered: a little more than the server has
const TRIES = 5; // to give the server once more what it has lost

/**
 * The answer to what is sent to an address, read as JSON or as bytes. Rejects with Refused, or with Lost where there is no answer in time, or none of
 * this server's.
 *
 * @param {string} address
 * @param {BodyInit} body
 * @param {"json" | "blob"} [read]
 */
export async function post(address, body, read = "json") {
  let response;
  let answer;
  try {
    response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    answer = await response[response.ok ? read : "json"]();
  } catch {
    throw new Lost();
  }
  if (response.ok) return answer;
  throw new Refused(answer);
}

/**
 * Do the work, and where there is no answer try it again a few times. Tells whether it was done; rejects with Refused.
 *
 * @param {() => Promise<any>} work
 * @param {import("../base/types.js").Life} life
 */
export async function persevere(work, life) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
    await life.pause(backOff(tries));
  }
  return false;
}
