// From the surface to the canvas: as a map from above, or as a relief that is seen from in front.

const NARROWER = 0.26; // the far side of a relief, than the near one
export const DOWN = -0.05; // the share of the scale down to which the near side of a relief reaches
const [DEPTH, HEIGHT] = [0.62, 0.3]; // shares of the canvas's height that a relief has for its depth and its heights

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Room
 * @typedef {(u: number, v: number, share: number) => [number, number]} Project where a point of the surface is drawn: its
 *   place, 0 to 1 each way, and the share of the scale that is its height
 */

/**
 * @param {"map" | "relief"} look
 * @param {Room} room
 * @returns {Project}
 */
export function projection(look, { left, top, width, height }) {
  if (look === "map") return (u, v) => [left + u * width, top + (1 - v) * height];
  return (u, v, share) => [
    left + width * (0.5 + (u - 0.5) * (1 - NARROWER * v)),
    top + height * (1 - 0.03 - DEPTH * v * (1 - 0.15 * v) - HEIGHT * Math.max(DOWN, Math.min(1.25, share))),
  ];
}
