// Contours by marching squares: the lines of one height over a square grid.

/**
 * A line of one height: its points in cells of the grid, [column, row].
 *
 * @typedef {{level: number, points: [number, number][], closed: boolean}} Contour
 */

// Where a line leads through a cell, by which of its corners lie above: bits 1, 2, 4 and 8 from (0, 0) around to (0, 1);
// sides are numbered 0 to 3 in the same way. Of the two cells that are saddles the middle decides.
const SIDES = [[], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [], [[0, 2]], [[3, 2]]];
const SADDLES = {
  5: [
    [
      [3, 2],
      [0, 1],
    ],
    [
      [3, 0],
      [1, 2],
    ],
  ],
  10: [
    [
      [3, 0],
      [1, 2],
    ],
    [
      [3, 2],
      [0, 1],
    ],
  ],
}; // prettier-ignore

/** The lines through a cell as pairs of sides, from the heights of its corners above the level. */
function linesThrough(corners) {
  const above = corners.reduce((bits, height, i) => bits | (height > 0 ? 1 << i : 0), 0);
  if (above in SADDLES) return SADDLES[above][corners.reduce((sum, height) => sum + height, 0) > 0 ? 0 : 1];
  return SIDES[above < 8 ? above : 15 - above];
}

/** Join pieces, each between two crossings, into lines; a crossing belongs to two pieces at most. */
function joined(pieces) {
  /** @type {Map<number, number[]>} */
  const at = new Map();
  pieces.forEach((ends, piece) => {
    for (const end of ends) at.set(end, [...(at.get(end) ?? []), piece]);
  });
  const used = new Set();
  /** Follow the pieces from a crossing on. */
  function follow(crossing) {
    const line = [crossing];
    for (;;) {
      const piece = at.get(line.at(-1)).find((each) => !used.has(each));
      if (piece === undefined) return line;
      used.add(piece);
      line.push(pieces[piece].find((end) => end !== line.at(-1)) ?? line.at(-1));
    }
  }
  const open = [...at.keys()].filter((crossing) => at.get(crossing).length === 1);
  const lines = [...open, ...at.keys()].map(follow).filter((line) => line.length > 1);
  return lines;
}

/**
 * The contours of a level over a grid of `side` heights each way, row by row. Cells with a corner that is no finite
 * number have none.
 *
 * @param {ArrayLike<number>} heights
 * @param {number} side
 * @param {number} level
 * @returns {Contour[]}
 */
export function contours(heights, side, level) {
  /** @type {Map<number, [number, number]>} */
  const crossings = new Map();
  /** The crossing on the side of a cell between two corners; one number for both cells that share it. */
  function crossing(i, j, way) {
    const [column, row, up] = [way === 1 ? i + 1 : i, way === 2 ? j + 1 : j, way % 2];
    const key = 2 * (row * side + column) + up;
    if (!crossings.has(key)) {
      const from = heights[row * side + column];
      const to = heights[up ? (row + 1) * side + column : row * side + column + 1];
      const share = (level - from) / (to - from);
      crossings.set(key, up ? [column, row + share] : [column + share, row]);
    }
    return key;
  }
  const pieces = [];
  for (let j = 0; j < side - 1; j += 1) {
    for (let i = 0; i < side - 1; i += 1) {
      const first = j * side + i;
      const corners = [first, first + 1, first + side + 1, first + side].map((place) => heights[place] - level);
      if (!corners.every(Number.isFinite)) continue;
      for (const ways of linesThrough(corners)) pieces.push(ways.map((way) => crossing(i, j, way)));
    }
  }
  return joined(pieces).map((line) => ({
    level,
    points: line.map((key) => crossings.get(key)),
    closed: line.length > 2 && line[0] === line.at(-1),
  }));
}
