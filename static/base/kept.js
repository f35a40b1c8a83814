// A value that the browser keeps under a name, and that the pages which share the storage change in turn.

/**
 * The value under a name in a storage that the host opens. `read(text)` makes it of the text that is kept, or of null.
 *
 * `get()` gives it as it stands now, whichever page has changed it last. `set(value)` keeps another, which is to be made of
 * what `get()` has just given, so that nothing of another page's goes. What the storage does not take, or where there is
 * none, lasts as long as the page.
 *
 * @template T
 * @param {{open: () => Storage}} host
 * @param {string} name
 * @param {(text: string | null) => T} read
 */
export function keptIn({ open }, name, read) {
  let value = read(null);
  /** @type {string | null} */
  let known = null; // the text that the value was made of, or that was made of it
  let taken = true; // whether the storage has the value

  function stored() {
    try {
      return open().getItem(name);
    } catch {
      return null;
    }
  }

  return {
    get() {
      const text = taken ? stored() : known;
      if (text !== null && text !== known) [value, known] = [read(text), text];
      return value;
    },

    /** @param {T} changed */
    set(changed) {
      [value, known] = [changed, JSON.stringify(changed)];
      try {
        open().setItem(name, known);
        taken = true;
      } catch {
        taken = false;
      }
    },
  };
}
