// A second window beside the page's, and the line between the two, which no other pair of windows shares. Both may be
// reloaded: the page keeps the name of the pair as long as its tab lasts.

const NAME = "backscope.pair";
const LOOK = "popup,width=560,height=680";

/** What is kept of a pair, {id, since}; null where there is none, or nothing can be kept. */
export function keptPair() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Keep a pair, or forget it where it is null.
 *
 * @param {{id: string, since: number} | null} pair
 */
export function keepPair(pair) {
  try {
    if (pair) sessionStorage.setItem(NAME, JSON.stringify(pair));
    else sessionStorage.removeItem(NAME);
  } catch {
    /* it lasts as long as the page */
  }
}

/** A new pair, which begins now. */
export const newPair = () => ({ id: crypto.getRandomValues(new Uint32Array(2)).join("-"), since: Date.now() });

/**
 * The line of a pair: `heard` hears what the other window sends. Returns {send, close}.
 *
 * @param {string} id
 * @param {(message: any) => void} heard
 */
export function line(id, heard) {
  const channel = new BroadcastChannel(`backscope.pair.${id}`);
  channel.addEventListener("message", ({ data }) => heard(data));
  return { send: channel.postMessage.bind(channel), close: () => channel.close() };
}

/**
 * Open the second window of a pair, or bring it to the front. Tells whether the browser lets it open.
 *
 * @param {string} id
 */
export const openSecond = (id) => Boolean(window.open(`notes#${id}`, `backscope-notes-${id}`, LOOK));

/** Hear that the page goes. @param {() => void} heard */
export function goes(heard) {
  window.addEventListener("pagehide", heard);
  return () => window.removeEventListener("pagehide", heard);
}
