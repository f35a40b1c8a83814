// How the network is laid out in the room that the stage has below its legend.

import { labelled } from "../draw/labels.js";
import { arrowPlaces, layOut, LEAST_TYPE, scaleOf } from "../draw/layout.js";

const SKIP = 16; // pixels that the topmost residual connection needs above its neurons
const [LEAST, BELOW] = [36, 2]; // pixels from the top, and from the legend, to where the network may begin
const [FROM_MIDDLE, LETTER] = [62, 6.6]; // pixels from the middle of an output to its name, with the sign; and of a letter
const SHORT = 3; // letters of a name for which there is room anyway
const FAR = { width: 96, height: 34 }; // the smallest type that is read from far off, as parts of a stage

/**
 * Pixels of the smallest type on a stage of width x height CSS pixels: on a projector's, which is read from far off, a
 * part of its size.
 */
export const leastType = ({ width, height }, projected) =>
  projected ? Math.max(LEAST_TYPE, Math.min(width / FAR.width, height / FAR.height)) : LEAST_TYPE;

/** The pixels of the usual size from the middle of outputs to the ends of their names, and of the sign beside one of them. */
export function besideOf(names) {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return longest > SHORT ? FROM_MIDDLE + LETTER * longest : 0;
}

/**
 * The layout of a network in a room of width x height CSS pixels whose legend ends at a height: {layout, places, units},
 * with the places of the arrows and of the weights' numbers by layer, and of each layer that is too tall to draw whole
 * the units that are drawn, those that are `named` before others. No type is smaller than `least`, and nothing begins in the
 * `first` pixels. The names of outputs want `besideOf(names)` pixels.
 */
export function roomFor(sizes, layers, { width, height }, legendEnd, least, named, first = LEAST, beside = 0) {
  const skip = layers.some(({ residual }) => residual) ? SKIP * scaleOf({ width, height }, least) : 0;
  const layout = layOut(sizes, width, height, Math.max(first, legendEnd + BELOW) + skip, [], least, named, beside);
  return {
    layout,
    places: sizes.map((_, layer) => (layer ? labelled(layout, layer, arrowPlaces(layout, layer)) : null)),
    units: layout.columns.map((column) => (column?.hidden ? column.shown : null)),
  };
}
