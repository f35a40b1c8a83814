// The ink of a drawing, computed from its strokes: what a browser paints may not be what it lets a page read back.

import { trace } from "./strokes.js";

const PICTURE = 28;
const PIECES = 8; // of a curve, between two points of a stroke

/** The line of a stroke as points so close that straight lines between them look smooth. */
function flattened(points) {
  const path = [];
  trace(points, {
    move: (point) => path.push(point),
    go: (point) => path.push(point),
    bend(by, to) {
      const from = path.at(-1);
      for (let i = 1; i <= PIECES; i++) {
        const share = i / PIECES;
        const at = (axis) => (1 - share) ** 2 * from[axis] + 2 * share * (1 - share) * by[axis] + share ** 2 * to[axis];
        path.push({ x: at("x"), y: at("y") });
      }
    },
  });
  return path;
}

/**
 * How much of a pixel a stroke covers, from 0 to 1, where its middle is so far from the pen's path: all within the pen's
 * radius, and at the rim as much as lies on its inner side.
 *
 * @param {number} distance in pixels
 * @param {number} radius in pixels
 */
const covered = (distance, radius) => Math.max(0, Math.min(1, radius + 0.5 - distance));

/** The distance of a point from a segment. */
function distanceTo([from, to], x, y) {
  const [across, down] = [to.x - from.x, to.y - from.y];
  const long = across * across + down * down;
  const share = long ? Math.max(0, Math.min(1, ((x - from.x) * across + (y - from.y) * down) / long)) : 0;
  return Math.hypot(from.x + share * across - x, from.y + share * down - y);
}

/** Have each pixel near a segment covered at least as far as the segment covers it. */
function coverSegment(cover, size, segment, radius) {
  const near = (one, other) => [
    Math.max(0, Math.floor(Math.min(one, other) - radius - 1)),
    Math.min(size - 1, Math.ceil(Math.max(one, other) + radius + 1)),
  ];
  const [from, to] = segment;
  const [[left, right], [top, bottom]] = [near(from.x, to.x), near(from.y, to.y)];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const part = covered(distanceTo(segment, column + 0.5, row + 0.5), radius);
      if (part > cover[row * size + column]) cover[row * size + column] = part;
    }
  }
}

/** What a stroke covers of each pixel, row by row. */
function coverOfStroke({ points, width }, size) {
  const cover = new Float32Array(size * size);
  const path = flattened(points).map(({ x, y }) => ({ x: x * size, y: y * size }));
  path.forEach((point, i) => coverSegment(cover, size, [path[Math.max(0, i - 1)], point], (width * size) / 2));
  return cover;
}

/** The same of a picture of 28 x 28 bytes, each pixel in one even shade. */
function coverOfPicture({ picture }, size) {
  const from = (place) => Math.floor((place * PICTURE) / size);
  return Float32Array.from(
    { length: size * size },
    (_, i) => picture[from(Math.floor(i / size)) * PICTURE + from(i % size)] / 255,
  );
}

/**
 * The ink of strokes, {points, width}, and pictures, {picture}, one over the other, as bytes, 0 to 255, row by row,
 * size x size.
 */
export function inkOf(items, size) {
  const bare = new Float32Array(size * size).fill(1); // the share of each pixel that no ink covers
  for (const item of items) {
    const cover = item.picture ? coverOfPicture(item, size) : coverOfStroke(item, size);
    cover.forEach((part, i) => {
      bare[i] *= 1 - part;
    });
  }
  return Uint8Array.from(bare, (part) => Math.round(255 * (1 - part)));
}
