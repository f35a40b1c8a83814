// The ground of a surface: the losses of the finest grid all of whose points are there, and where points lie on it.

export const SIDE = 41; // points of the whole grid on a side
const COARSE = 4;
const ROOM = 0.16; // of the extent of the paths, on each side
const SLIMMEST = 0.3; // the least share of one side's length that the other has

/** @typedef {{low: [number, number], high: [number, number]}} Extent */

/** How many points there are once each grid is whole, from coarse to fine, with its step. */
const GRIDS = [COARSE, COARSE / 2, 1].map((step) => ({ step, points: ((SIDE - 1) / step + 1) ** 2 }));

/** How many points the coarsest grid has. */
export const COARSEST = GRIDS[0].points;

/**
 * The finest grid that is whole among so many first losses: its losses row by row, and its points on a side; null before
 * the coarsest one is.
 *
 * @param {ArrayLike<number>} losses of the whole grid, row by row
 * @param {number} done how many of its points are there
 * @returns {{side: number, losses: Float64Array} | null}
 */
export function finest(losses, done) {
  const grid = GRIDS.findLast(({ points }) => done >= points);
  if (!grid) return null;
  const side = (SIDE - 1) / grid.step + 1;
  const place = (/** @type {number} */ k) => Math.floor(k / side) * grid.step * SIDE + (k % side) * grid.step;
  return { side, losses: Float64Array.from({ length: side * side }, (_, k) => losses[place(k)]) };
}

/**
 * The extent of a map: the points of all paths with room around them, and at least `reach` from their middle. `times` and
 * a middle of one's own show a part of it, or more.
 *
 * @param {[number, number][]} points
 * @param {number} reach
 * @param {{along: number, across: number, times: number} | null} chosen
 * @returns {Extent}
 */
export function extentOf(points, reach, chosen) {
  const sides = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return { middle: (least + most) / 2, half: Math.max(((most - least) / 2) * (1 + 2 * ROOM), reach) };
  });
  const longest = Math.max(...sides.map(({ half }) => half)) || 1;
  const halves = sides.map(({ half }) => Math.max(half, SLIMMEST * longest) / (chosen?.times ?? 1));
  const middle = chosen ? [chosen.along, chosen.across] : sides.map((side) => side.middle);
  return {
    low: [middle[0] - halves[0], middle[1] - halves[1]],
    high: [middle[0] + halves[0], middle[1] + halves[1]],
  };
}

/**
 * Where coordinates lie in an extent: shares from 0 to 1 of both sides.
 *
 * @param {Extent} extent
 * @param {ArrayLike<number>} coordinates
 * @returns {[number, number]}
 */
export const placeIn = ({ low, high }, coordinates) => [
  (coordinates[0] - low[0]) / (high[0] - low[0]),
  (coordinates[1] - low[1]) / (high[1] - low[1]),
];

/** The coordinates of a place in an extent. @type {(extent: Extent, place: [number, number]) => [number, number]} */
export const coordinatesOf = ({ low, high }, [u, v]) => [
  low[0] + u * (high[0] - low[0]),
  low[1] + v * (high[1] - low[1]),
];

/**
 * The loss at a place, between those of the four points of the grid around it.
 *
 * @param {{side: number, losses: ArrayLike<number>}} ground
 * @param {number} u
 * @param {number} v
 */
export function lossAt({ side, losses }, u, v) {
  const [x, y] = [u * (side - 1), v * (side - 1)];
  const [i, j] = [x, y].map((each) => Math.max(0, Math.min(side - 2, Math.floor(each))));
  const [right, up] = [x - i, y - j];
  const first = j * side + i;
  const below = losses[first] + right * (losses[first + 1] - losses[first]);
  const above = losses[first + side] + right * (losses[first + side + 1] - losses[first + side]);
  return below + up * (above - below);
}
