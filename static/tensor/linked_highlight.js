// What lights what: parts of the panels and cells of the network light each other.

import { parameterOf, split } from "./tensors.js";

/** Where a cell is in the network, as a string that is the same for all cells at that place. `depth` is the number of layers. */
export function placeOf({ tensor, index }, depth) {
  const parameter = parameterOf(tensor);
  return parameter ? `${parameter}:${index}` : `${tensor === "y" ? depth : split(tensor)[1]}:${index.at(-1)}`;
}

/** Have an element light cells in the network while it is pointed at or has the focus, and be lit when they are. */
export function lights(element, store, cells) {
  const depth = store.get().listing.experiment.layers.length;
  element.dataset.places = cells.map((cell) => placeOf(cell, depth)).join(" ");
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, () => store.set({ lit: cells }));
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, () => store.set({ lit: [] }));
  return element;
}

/** Mark the elements below `root` that light the cell which is pointed at in the network. */
export function markLit(root, { hovered, listing }) {
  const place = hovered && placeOf(hovered, listing.experiment.layers.length);
  for (const element of root.querySelectorAll("[data-places]")) {
    element.classList.toggle("lit", element.dataset.places.split(" ").includes(place));
  }
}
