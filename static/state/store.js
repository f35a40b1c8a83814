// What the page shows, in one place: panels read it, and hear of what changed. Only `set` changes it.

/** A store of named values. `on(names, listener)` calls the listener after any of them has changed. */
export function createStore(initial) {
  const state = { ...initial };
  const listeners = [];
  return {
    get: () => state,
    set(changes) {
      const changed = Object.keys(changes).filter((name) => !Object.is(state[name], changes[name]));
      Object.assign(state, changes);
      for (const { names, listener } of listeners) {
        if (names.some((name) => changed.includes(name))) listener(state);
      }
    },
    on(names, listener) {
      listeners.push({ names, listener });
    },
  };
}
