// The services that a page offers a mount, and those of a page that offers nothing.

/**
 * @typedef {object} Host
 * @property {EventTarget} keys where the keys are heard that play and step
 * @property {EventTarget} presses where every press of a pointer ends, wherever it began
 * @property {{open: () => Storage, changed: (heard: () => void) => () => void}} storage where a person's drawings are kept:
 *   `open` gives it, and throws where there is none; `changed` hears that another page has changed it
 * @property {{of: (choice: string) => string, changed: (heard: () => void) => () => void, prefer: (choice: string) => void}} theme
 *   `of` tells which theme a choice of auto, light or dark means, `changed` hears that auto means another, `prefer` keeps a choice
 * @property {((language: string) => Promise<import("../base/words.js").Words>) | null} words the catalogue of another language
 * @property {{get: () => {href: string, kept: any}, put: (href: string, kept: any, anew: boolean) => void,
 *   moved: (changed: () => void) => () => void} | null} address that holds what is shown; `kept` is what is kept beside it,
 *   `anew` makes an entry of its own that one can come back to, and `moved` hears when a person goes to another
 * @property {(() => Promise<any>) | null} windows fetches what opens a second window, as `presenting/windows.js` has it
 * @property {(() => Promise<any>) | null} print prints the page; resolves when that is done
 * What is heard returns what ends the hearing.
 */

/**
 * A host that offers nothing: keys count while the focus is within the mount, and no more than the mount lasts is kept.
 *
 * @param {HTMLElement} root
 * @returns {Host}
 */
export const quietHost = (root) => ({
  keys: root,
  presses: root.ownerDocument,
  storage: {
    open() {
      throw new Error("no storage");
    },
    changed: () => () => {},
  },
  theme: { of: (choice) => (choice === "dark" ? "dark" : "light"), changed: () => () => {}, prefer() {} },
  words: null,
  address: null,
  windows: null,
  print: null,
});
