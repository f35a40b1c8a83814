// Where the numbers of weights stand on the stage: on their lines, clear of arrows, circles and each other.

import { along, biasPoint, centre, curve } from "./layout.js";

/** @import { ArrowPlace, Layout, Point } from "./types.js" */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box In CSS pixels. */

export const FEW = 8; // up to so many connections between two layers, each has its numbers beside it
const WIDE = 170; // pixels that these two layers are at least apart, of the usual size
export const REACH = 58; // pixels of the usual size from an arrow to the end of its number
const [HALF, HIGH] = [25, 8]; // of a weight's number: half its width, and half its height
export const BIAS = { left: 62, top: 14, bottom: 20, right: 8 }; // around a bias: its arrow, its number, and that of its arrow
/** The shares of a line at which its number may stand, in their order: away from its middle, then toward it and its ends. */
const SHARES = [0.2, 0.23, 0.26, 0.17, 0.14, 0.29, 0.32, 0.35, 0.38, 0.41, 0.44, 0.47, 0.5].flatMap((share) => [
  share,
  1 - share,
]);

/**
 * Whether two layers are so small and so far apart that numbers stand between them.
 *
 * @param {Layout} layout
 * @param {number} count of what has numbers
 */
export const isRoomy = ({ spacing, scale }, count) => count <= FEW && spacing > WIDE * scale;

/**
 * @param {Point} point
 * @param {Box} reach in pixels of the usual size, each way
 * @param {number} scale
 * @returns {Box}
 */
const around = ({ x, y }, { left, right, top, bottom }, scale) => ({
  left: x - left * scale,
  right: x + right * scale,
  top: y - top * scale,
  bottom: y + bottom * scale,
});

/** @type {(one: Box, other: Box) => boolean} */
const meet = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/**
 * The boxes that are taken between two layers: of the arrows, of their numbers, of the biases and of the circles.
 *
 * @param {Layout} layout
 * @param {number} layer
 * @param {Map<string, ArrowPlace>} places of the arrows
 * @returns {Box[]}
 */
function takenBetween(layout, layer, places) {
  const { scale, radius, arrow } = layout;
  const high = (arrow.least + arrow.span) / 2 / scale;
  const rim = radius / scale + 8;
  const neurons = [layer - 1, layer].flatMap((of) =>
    layout.columns[of].shown.map((unit) =>
      around(centre(layout, of, unit), { left: rim, right: rim, top: rim, bottom: rim }, scale),
    ),
  );
  return [
    ...[...places.values()].flatMap((point) => [
      around(point, { left: 7, right: 7, top: high, bottom: high }, scale),
      around(point, { left: 0, right: REACH, top: HIGH, bottom: HIGH }, scale),
    ]),
    ...layout.columns[layer].shown.map((unit) => around(biasPoint(layout, layer, unit), BIAS, scale)),
    ...neurons,
  ];
}

/**
 * The places of the arrows of a layer, each with that of its weight's number, `label`, where there is room for the
 * numbers of all weights of the layer.
 *
 * @param {Layout} layout
 * @param {number} layer
 * @param {Map<string, ArrowPlace>} places
 * @returns {Map<string, ArrowPlace>}
 */
export function labelled(layout, layer, places) {
  if (!places.size || !isRoomy(layout, places.size)) return places;
  const taken = takenBetween(layout, layer, places);
  const boxed = (/** @type {Point} */ point) =>
    around(point, { left: HALF, right: HALF, top: HIGH, bottom: HIGH }, layout.scale);
  const isFree = (/** @type {Point} */ point) => !taken.some((other) => meet(boxed(point), other));
  const choices = [...places.keys()].map((cell) => {
    const [unit, below] = cell.split(",").map(Number);
    const path = curve(layout, layer, unit, below);
    return { cell, points: SHARES.map((share) => along(path, share)).filter(isFree) };
  });
  const found = new Map(places);
  for (const { cell, points } of choices.toSorted((one, other) => one.points.length - other.points.length)) {
    const label = points.find(isFree);
    if (!label) return places;
    taken.push(boxed(label));
    found.set(cell, { ...places.get(cell), label });
  }
  return found;
}
