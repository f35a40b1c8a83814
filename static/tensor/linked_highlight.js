// Linked highlight: parts of the panels and cells of the network light each other.

import { parameterOf, split } from "./tensors.js";

/** @import { Cell } from "./tensors.js" */
/** @import { Listing } from "../base/types.js" */

/**
 * Where a cell is in the network, as a string that is the same for all cells at that place. `depth` is the number of layers.
 *
 * @param {Cell} cell
 * @param {number} depth
 */
export function placeOf({ tensor, index }, depth) {
  const parameter = parameterOf(tensor);
  return parameter ? `${parameter}:${index}` : `${tensor === "y" ? depth : split(tensor)[1]}:${index.at(-1)}`;
}

/**
 * Have an element light cells in the network while it is pointed at or has the focus, and be lit when they are.
 *
 * @template {HTMLElement} E
 * @param {E} element
 * @param {{get: () => {listing: Listing}, set: (changes: {lit: Cell[]}) => void}} store
 * @param {Cell[]} cells
 * @returns {E}
 */
export function lights(element, store, cells) {
  const depth = store.get().listing.experiment.layers.length;
  element.dataset.places = cells.map((cell) => placeOf(cell, depth)).join(" ");
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, () => store.set({ lit: cells }));
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, () => store.set({ lit: [] }));
  return element;
}

/**
 * Mark the elements below `root` that light the cell which is pointed at in the network.
 *
 * @param {Element} root
 * @param {{hovered: Cell | null, listing: Listing}} state
 */
export function markLit(root, { hovered, listing }) {
  const place = hovered && placeOf(hovered, listing.experiment.layers.length);
  /** @type {NodeListOf<HTMLElement>} */
  const all = root.querySelectorAll("[data-places]");
  for (const element of all) {
    element.classList.toggle("lit", element.dataset.places.split(" ").includes(place));
  }
}
