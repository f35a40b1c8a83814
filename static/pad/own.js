// A person's own drawings: 28 x 28 bytes each and the digit that it means, kept in the browser's storage.

import { base64 } from "./strokes.js";

const NAME = "backscope.drawings";
const MOST = 200; // as many as an experiment may learn from
const PIXELS = 784;

const same = (one, other) => one.label === other.label && one.picture.every((byte, k) => byte === other.picture[k]);

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

/** The set of drawings in a storage. Where that is not to be had, it lasts as long as the page. */
export function createOwn(storage) {
  let items = [];
  try {
    items = itemsOf(JSON.parse(storage().getItem(NAME)) ?? { pictures: [], labels: [] });
  } catch {
    /* nothing is kept, or nothing that can be read */
  }

  function set(next) {
    items = next.slice(-MOST);
    try {
      storage().setItem(NAME, JSON.stringify(plainOf(items)));
    } catch {
      /* full, or not allowed */
    }
  }

  return {
    get items() {
      return items;
    },
    has: (item) => items.some((each) => same(each, item)),
    /** Add those that are not there yet; tells how many these were. */
    add(more) {
      const fresh = more.filter(
        (item, i) => !items.some((each) => same(each, item)) && !more.slice(0, i).some((each) => same(each, item)),
      );
      set([...items, ...fresh]);
      return fresh.length;
    },
    remove: (item) => set(items.filter((each) => !same(each, item))),
    text: () => JSON.stringify({ drawings: plainOf(items) }),
  };
}
