// Files that the page itself makes.

import { make } from "./dom.js";

const KEPT = 10_000; // milliseconds in which the browser has surely begun to save

/**
 * Have the browser save a file of this name; `content` is text or bytes.
 *
 * @param {string} name
 * @param {BlobPart} content
 */
export function download(name, content) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content])) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}
