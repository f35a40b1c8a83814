// Keys: how a feature declares the values that it keeps in the store.

/**
 * `linked` is how a scene holds the value; a value without it is in no link.
 *
 * @typedef {import("./codecs.js").Codec} Codec
 * @typedef {{owner: "page" | "run" | "view", initial: any, forget: string, linked: Codec | null}} Key
 * @typedef {Record<string, Key>} Keys by their names
 */

/**
 * When a value is set back to what it begins as: never; with another preset or scenario; with any other run; or also with
 * a change of this run, before which the value was found.
 */
export const [NEVER, PRESET, RUN, CHANGE] = ["never", "preset", "run", "change"];

/** A value of the page itself, whatever runs in it. @type {(initial: any, linked?: Codec | null) => Key} */
export const ofPage = (initial, linked = null) => ({ owner: "page", initial, forget: NEVER, linked });

/**
 * A choice of a person for all scenes: a scene that does not name it leaves it as it is.
 *
 * @type {(initial: any, linked: Codec) => Key}
 */
export const personal = (initial, linked) => ofPage(initial, { ...linked, personal: true });

/** A value of the run that is shown, forgotten with it. @type {(initial: any, forget?: string) => Key} */
export const ofRun = (initial, forget = RUN) => ({ owner: "run", initial, forget, linked: null });

/**
 * A choice of a person that a link brings back.
 *
 * @type {(initial: any, linked: Codec | null, forget?: string) => Key}
 */
export const ofView = (initial, linked, forget = NEVER) => ({ owner: "view", initial, forget, linked });

/**
 * A value of an instant or of this screen, which no link holds.
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
