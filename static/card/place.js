// Where the card goes: beside what it is of, and never over it.

const [GAP, EDGE] = [10, 6]; // pixels from what is pointed at, and from the edges of the room

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box In pixels of the stage. */

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.max(low, Math.min(Math.max(low, high), value));

/**
 * How much of a box another one covers, in square pixels.
 *
 * @param {Box} one
 * @param {Box} other
 */
export function overlap(one, other) {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return Math.max(0, wide) * Math.max(0, high);
}

/**
 * The place of a card of a size beside a point of which it keeps so far: right or left of it, else below or above, and
 * inside of the room as far as it has one.
 *
 * @param {{x: number, y: number, reach: number}} anchor
 * @param {{width: number, height: number}} card
 * @param {Box} room
 * @returns {{left: number, top: number}}
 */
export function placeBeside({ x, y, reach }, { width, height }, room) {
  const away = reach + GAP;
  const own = { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
  const inside = (/** @type {number} */ left, /** @type {number} */ top) => ({
    left: clamp(left, room.left + EDGE, room.right - EDGE - width),
    top: clamp(top, room.top + EDGE, room.bottom - EDGE - height),
  });
  const places = [
    inside(x + away, y - height / 2),
    inside(x - away - width, y - height / 2),
    inside(x - width / 2, y + away),
    inside(x - width / 2, y - away - height),
  ];
  const covered = (/** @type {{left: number, top: number}} */ { left, top }) =>
    overlap({ left, top, right: left + width, bottom: top + height }, own);
  return places.reduce((best, each) => (covered(each) < covered(best) ? each : best));
}
