// A person's own drawings: 28 x 28 bytes each and the digit that it means, kept in the browser's storage.

import { base64 } from "./strokes.js";

const NAME = "backscope.drawing."; // what the key of each begins with
const BEFORE = "backscope.drawings"; // the one key that an earlier version had
const MOST = 200; // as many as an experiment may learn from
const PIXELS = 784;

/** The plain form of drawings, as an experiment has it: {pictures, labels}. */
export const plainOf = (items) => ({
  pictures: items.map(({ picture }) => base64(picture)),
  labels: items.map(({ label }) => label),
});

/** The drawings of a plain form. Throws where the form is invalid. */
export function itemsOf({ pictures, labels }) {
  if (pictures.length !== labels.length || pictures.length > MOST) throw new Error("not as many labels as pictures");
  return pictures.map((text, i) => {
    const picture = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (picture.length !== PIXELS || !Number.isInteger(labels[i]) || labels[i] < 0 || labels[i] > 9)
      throw new Error("no drawing");
    return { picture, label: labels[i] };
  });
}

/** The drawings in the plain value of a file that the page has saved, or null where it holds none. */
export function read(plain) {
  try {
    return itemsOf(plain.drawings);
  } catch {
    return null;
  }
}

/** The same, of the file's text. */
export function readText(text) {
  try {
    return read(JSON.parse(text));
  } catch {
    return null;
  }
}

const keyOf = ({ picture, label }) => `${NAME}${label}.${base64(picture)}`;

/** The drawing of a key that was kept at a moment; null where it is none. */
function itemOf(key, at) {
  try {
    const [label, picture] = key.slice(NAME.length).split(".");
    return { ...itemsOf({ pictures: [picture], labels: [Number(label)] })[0], key, at };
  } catch {
    return null;
  }
}

/** The drawings that a storage has, the oldest first. */
function kept(there) {
  const keys = Array.from({ length: there.length }, (_, i) => there.key(i)).filter((key) => key.startsWith(NAME));
  return keys
    .map((key) => itemOf(key, Number(there.getItem(key)) || 0))
    .filter(Boolean)
    .toSorted((one, other) => one.at - other.at);
}

/** The drawings that an earlier version has kept under one key; null where there are none, or none that can be read. */
const keptBefore = (there) => readText(`{"drawings":${there.getItem(BEFORE)}}`);

/**
 * A person's own drawings. In the storage each has a key of its own, made of all that it is, so that pages which share
 * the storage add to what the others have kept and never take it away. One that cannot be stored lasts as long as the
 * page. `open()` gives the storage, or throws where there is none.
 */
export function createOwn(open) {
  const passing = new Map(); // by their keys, those that could not be stored
  let items = [];

  /** Do work with the storage; tells whether that was possible. */
  function stored(work) {
    try {
      work(open());
      return true;
    } catch {
      return false; // there is none, or it is full
    }
  }

  /** Have the drawings as they are now; other pages may have added some, and taken some away. */
  function look() {
    let there = [];
    stored((storage) => {
      there = kept(storage);
    });
    const next = [...there, ...passing.values()].slice(-MOST);
    if (next.map(({ key }) => key).join() !== items.map(({ key }) => key).join()) items = next;
  }

  /** Keep drawings, in their order; the oldest go where there are too many. */
  function put(more) {
    more.forEach(({ picture, label }, i) => {
      const item = { picture, label, key: keyOf({ picture, label }), at: Date.now() + i / more.length };
      if (!stored((storage) => storage.setItem(item.key, String(item.at)))) passing.set(item.key, item);
    });
    stored((storage) => {
      for (const { key } of kept(storage).slice(0, -MOST)) storage.removeItem(key);
    });
    look();
  }

  stored((storage) => {
    const before = keptBefore(storage);
    if (before) put(before);
    if (before && !passing.size) storage.removeItem(BEFORE);
  });
  look();

  const has = (item) => items.some(({ key }) => key === keyOf(item));
  return {
    look,
    has,
    get items() {
      return items;
    },
    /** Whether all of them are there the next time. */
    get lasting() {
      return !passing.size;
    },
    /** Add those that are not there yet; tells how many these were. */
    add(more) {
      look();
      const fresh = new Map(more.filter((item) => !has(item)).map((item) => [keyOf(item), item]));
      put([...fresh.values()]);
      return fresh.size;
    },
    remove(item) {
      passing.delete(keyOf(item));
      stored((storage) => storage.removeItem(keyOf(item)));
      look();
    },
    text: () => JSON.stringify({ drawings: plainOf(items) }),
  };
}
