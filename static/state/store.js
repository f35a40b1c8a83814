// The values that a mount shows: panels read them and hear of changes, which only `set` and `forget` make.

import { createLife } from "../base/life.js";

const FORGETS = { preset: ["preset", "run", "change"], run: ["run", "change"], change: ["change"] }; // by what happens, what goes with it

/**
 * A store of the declared keys, {initial, forget} by name, that begin with `values` where these have them.
 * `on(names, listener)` calls the listener after any of them has changed. A key that is not declared is refused. What
 * panels begin through `life` ends with it, and so does all hearing of changes.
 *
 * @param {Record<string, {initial: any, forget?: string}>} keys
 * @param {Record<string, any>} [values]
 */
export function createStore(keys, values = {}) {
  const state = Object.fromEntries(Object.entries(keys).map(([name, { initial }]) => [name, initial]));
  /** @type {{names: string[], listener: (state: any) => void}[]} */
  const listeners = [];
  const life = createLife();

  /** @param {string[]} names */
  function check(names) {
    const unknown = names.find((name) => !Object.hasOwn(keys, name));
    if (unknown !== undefined) throw new Error(`unknown key: '${unknown}' (one of: ${Object.keys(keys).join(", ")})`);
  }

  /** @param {Record<string, any>} changes */
  function set(changes) {
    check(Object.keys(changes));
    const changed = Object.keys(changes).filter((name) => !Object.is(state[name], changes[name]));
    Object.assign(state, changes);
    if (life.ended) return;
    for (const { names, listener } of listeners) {
      if (names.some((name) => changed.includes(name))) listener(state);
    }
  }

  check(Object.keys(values));
  Object.assign(state, values);
  return {
    keys,
    life,
    /** @returns {any} the values by their names */
    get: () => state,
    set,
    /**
     * @param {string[]} names
     * @param {(state: any) => void} listener
     */
    on(names, listener) {
      check(names);
      listeners.push({ names, listener });
    },
    /**
     * Have `begin` begin what comes late: what it hears of from now on, it hears of at its end too, as of values that have
     * just changed, for it has missed all changes before. Returns what `begin` returns.
     *
     * @template Begun
     * @param {() => Begun} begin
     * @returns {Begun}
     */
    join(begin) {
      const before = listeners.length;
      const begun = begin();
      for (const { listener } of listeners.slice(before)) listener(state);
      return begun;
    },
    /**
     * Forget all that goes with what happens, another "preset", "run" or a "change" of this one, and set what comes instead.
     *
     * @param {"preset" | "run" | "change"} happens
     * @param {Record<string, any>} changes
     */
    forget(happens, changes) {
      const gone = Object.entries(keys).filter(([, { forget }]) => FORGETS[happens].includes(forget));
      set({ ...Object.fromEntries(gone.map(([name, { initial }]) => [name, initial])), ...changes });
    },
  };
}
