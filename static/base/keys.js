// Keys: how a feature declares the values that it keeps in the store.

/**
 * `linked` is how a scene holds the value; a value without it is in no link.
 *
 * @typedef {import("./codecs.js").Codec} Codec
 * @typedef {{owner: "page" | "run" | "view", initial: any, forget: string, linked: Codec | null}} Key
 * @typedef {Record<string, Key>} Keys by their names
 */

/**
 * What makes a value be forgotten, that is, be what it begins as: nothing; another preset or scenario; any other run; or
 * also a change of this run, because the value says what the run was like before.
 */
export const [NEVER, PRESET, RUN, CHANGE] = ["never", "preset", "run", "change"];

/** What belongs to the page itself, whatever runs in it. @type {(initial: any, linked?: Codec | null) => Key} */
export const ofPage = (initial, linked = null) => ({ owner: "page", initial, forget: NEVER, linked });

/**
 * What a person has chosen for all that they look at: a scene that does not name it leaves it as it is.
 *
 * @type {(initial: any, linked: Codec) => Key}
 */
export const personal = (initial, linked) => ofPage(initial, { ...linked, personal: true });

/** What belongs to the run that is shown: none of it outlives that. @type {(initial: any, forget?: string) => Key} */
export const ofRun = (initial, forget = RUN) => ({ owner: "run", initial, forget, linked: null });

/**
 * What a person has chosen to look at, and would want a link to bring back.
 *
 * @type {(initial: any, linked: Codec | null, forget?: string) => Key}
 */
export const ofView = (initial, linked, forget = NEVER) => ({ owner: "view", initial, forget, linked });

/**
 * What a view has at hand for an instant or on this very screen: a link has no use for it.
 *
 * @type {(initial: any, forget?: string) => Key}
 */
export const passing = (initial, forget = NEVER) => ofView(initial, null, forget);

/**
 * The keys of all these features, each of which one of them declares. Throws where two declare the same.
 *
 * @param {{state?: Keys}[]} features
 */
export function keysOf(features) {
  /** @type {Keys} */
  const all = {};
  for (const [name, key] of features.flatMap(({ state = {} }) => Object.entries(state))) {
    if (Object.hasOwn(all, name)) throw new Error(`two features declare the key '${name}'`);
    all[name] = key;
  }
  return all;
}

/** The names of features, of which a value may be one. @type {(features: {name: string}[]) => string[]} */
export const namesOf = (features) => features.map(({ name }) => name);
