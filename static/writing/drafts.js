// Drafts of lessons, kept in the browser's storage, each under a key of its own.

/** @import { Lesson } from "./lesson.js" */

const NAME = "backscope.lesson."; // how the key of each begins

/**
 * @typedef {{id: string, name: string, language: string, at: number, saved: boolean, lesson: Lesson}} Draft `at` is when it
 *   was kept last, in milliseconds, and `saved` whether its file has been saved as it is
 */

const isText = (/** @type {any} */ value) => typeof value === "string";
const isBlock = (/** @type {any} */ block) =>
  isText(block?.text) ||
  (isText(block?.rest) &&
    Array.isArray(block.fields) &&
    block.fields.every((/** @type {any} */ each) => isText(each?.name) && isText(each.text)));
const isPart = (/** @type {any} */ part) =>
  isText(part?.title) && isBlock(part.block) && (part.raw === null || isText(part.raw));
const isStep = (/** @type {any} */ step) => isPart(step) && isText(step.body) && Number.isSafeInteger(step.key);
const isLesson = (/** @type {any} */ lesson) =>
  isPart(lesson) && isText(lesson.says) && Array.isArray(lesson.steps) && lesson.steps.every(isStep);

/**
 * The draft of a text that was kept; null where it is none.
 *
 * @param {string | null} text
 * @returns {Draft | null}
 */
export function read(text) {
  try {
    const draft = JSON.parse(text);
    const fits = [draft.id, draft.name, draft.language].every(isText) && Number.isFinite(draft.at);
    return fits && isLesson(draft.lesson) ? { ...draft, saved: draft.saved === true } : null;
  } catch {
    return null;
  }
}

/**
 * The drafts in a storage that the host opens; what it does not take lasts as long as the page. `now()` tells the time in
 * milliseconds.
 *
 * @param {{open: () => Storage}} host
 * @param {() => number} now
 */
export function createDrafts({ open }, now = Date.now) {
  /** @type {Map<string, Draft>} */
  const here = new Map(); // as this page has kept or read them last
  /** @type {Draft | null} */
  let removed = null;

  function there() {
    try {
      return open();
    } catch {
      return null;
    }
  }

  /** @param {string} id */
  const stored = (id) => read(there()?.getItem(NAME + id) ?? null);

  /** @param {string} id */
  function get(id) {
    const [found, mine] = [stored(id), here.get(id)];
    if (found && !(mine?.at > found.at)) here.set(id, found); // else the storage has no longer taken it
    return here.get(id) ?? null;
  }

  /** An id that no draft has. */
  function newId() {
    const base = `draft-${now().toString(36)}`;
    for (let i = 0; ; i += 1) {
      const id = i ? `${base}-${i}` : base;
      if (!here.has(id) && !stored(id)) return id;
    }
  }

  return {
    get,

    /**
     * Begin a draft, which is kept with its first edit. Returns its id.
     *
     * @param {Omit<Draft, "id" | "at">} begun
     */
    begin(begun) {
      const id = newId();
      here.set(id, { ...begun, id, at: 0 });
      return id;
    },

    /** All drafts that have been edited, the latest first. @returns {Draft[]} */
    list() {
      const storage = there();
      const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage.key(i));
      const ids = keys.filter((key) => key.startsWith(NAME)).map((key) => key.slice(NAME.length));
      const found = [...new Set([...ids, ...here.keys()])].map(get);
      return found.filter((each) => each?.at).toSorted((one, other) => other.at - one.at);
    },

    /**
     * Keep a draft. Tells the draft as it is kept, and whether the storage has taken it. One that another page has kept
     * meanwhile stays, and this one becomes another.
     *
     * @param {Draft} draft
     * @returns {{draft: Draft, kept: boolean}}
     */
    keep(draft) {
      const found = stored(draft.id);
      const id = found?.at > draft.at ? newId() : draft.id;
      const kept = { ...draft, id, at: now() };
      here.set(id, kept);
      try {
        there().setItem(NAME + id, JSON.stringify(kept));
        return { draft: kept, kept: true };
      } catch {
        return { draft: kept, kept: false };
      }
    },

    /** Remove a draft; the last that was can be put back. @param {string} id */
    remove(id) {
      removed = get(id);
      here.delete(id);
      there()?.removeItem(NAME + id);
    },

    removed: () => removed,

    /** Put back what was removed last. */
    restore() {
      if (removed) this.keep(removed);
      removed = null;
    },
  };
}
