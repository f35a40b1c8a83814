// Questions about one moment, each asked once: asked again, it would have the same answer.

const KEPT = 8; // answers

/** A question in one string, the same whichever moment it is about. */
export const keyOf = (wish) => JSON.stringify(wish);

/**
 * Answers to wishes, {question, ...fields}, about the moment asked about last. `find(t, wish)` promises {found},
 * {refused}, or null where there is no answer; `known(t, wish)` is {found} if it is there already, or null.
 */
export function createMemory(ask) {
  const kept = new Map();
  let about = null;

  function begin(t, wish) {
    const key = keyOf(wish);
    const entry = { known: null };
    entry.coming = ask(wish, { t, of: "run" }).then((result) => {
      if (result?.found) entry.known = result;
      else if (kept.get(key) === entry) kept.delete(key); // it may be otherwise the next time
      return result;
    });
    kept.set(key, entry);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return entry;
  }

  return {
    find(t, wish) {
      if (t !== about) kept.clear();
      about = t;
      return (kept.get(keyOf(wish)) ?? begin(t, wish)).coming;
    },
    known: (t, wish) => (t === about && kept.get(keyOf(wish))?.known) || null,
    clear: () => kept.clear(),
  };
}
