// The services that a page offers a mount, and those of a page that offers nothing.

import { make } from "../base/dom.js";

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
 * @property {(address: string, life: import("../base/types.js").Life) => Promise<any>} script has a script run once for all
 *   mounts of a document; resolves when it has run, or is known not to come
 * @property {(address: URL) => Promise<any>} sheet has the mount laid out by a style sheet too, once; resolves when it is
 *   there, or is known not to come
 * @property {(() => Promise<any>) | null} print prints the page; resolves when that is done
 * What is heard returns what ends the hearing.
 */

/** Have a script run that stands at an address. */
function scriptIn({ head }, src, life) {
  const coming = head.querySelector(`script[src="${src}"]`);
  const script = coming ?? make("script", { src });
  return new Promise((resolve) => {
    const hears = [life.listen(script, "load", end), life.listen(script, "error", end)];
    function end({ type }) {
      for (const stop of hears) stop();
      if (type === "error") script.remove();
      resolve();
    }
    if (!coming) head.append(script);
  });
}

/** Have a mount laid out by the style sheet of an address. */
const sheetIn = (root, { href }) =>
  new Promise((resolve) => {
    const there = [...root.querySelectorAll("link")].some((link) => link.href === href);
    if (there) resolve();
    else root.append(make("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });

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
  script: (address, life) => scriptIn(root.ownerDocument, address, life),
  sheet: (address) => sheetIn(root, address),
  print: null,
});
