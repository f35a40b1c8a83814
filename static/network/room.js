// How the network is laid out in the room that the stage has below its legend.

import { arrowPlaces, layOut } from "../draw/layout.js";

const SKIP = 16; // pixels that the topmost residual connection needs above its neurons
const [LEAST, BELOW] = [36, 2]; // pixels from the top, and from the legend, to where the network may begin

/**
 * The layout of a network in a room of width x height CSS pixels whose legend ends at a height: {layout, places, units},
 * with the places of the arrows by layer, and of each layer that is too tall to draw whole the units that are drawn.
 */
export function roomFor(sizes, layers, { width, height }, legendEnd) {
  const skipping = layers.some(({ residual }) => residual);
  const layout = layOut(sizes, width, height, Math.max(LEAST, legendEnd + BELOW) + (skipping ? SKIP : 0));
  return {
    layout,
    places: sizes.map((_, layer) => (layer ? arrowPlaces(layout, layer) : null)),
    units: layout.columns.map((column) => (column?.hidden ? column.shown : null)),
  };
}
