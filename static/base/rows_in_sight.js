// Which rows of a long list are in sight. A list that is taller than a browser can scroll well is scrolled in proportion.

export const ROW = 24; // pixels
const BEYOND = 8; // rows kept ready above and below those in sight
const HIGHEST = 8_000_000; // pixels that a browser can still scroll well

/**
 * How many pixels the sheet is high on which so many rows lie.
 *
 * @param {number} count
 */
export const heightOf = (count) => Math.min(count * ROW, HIGHEST);

/**
 * The pixels of a list that are out of sight where so many are in sight.
 *
 * @param {number} count
 * @param {number} tall
 */
const hidden = (count, tall) => Math.max(0, count * ROW - tall);

/**
 * How many pixels of the list one pixel of scrolling is.
 *
 * @param {number} count
 * @param {number} tall
 */
const stretch = (count, tall) => hidden(count, tall) / Math.max(1, heightOf(count) - tall) || 1;

/**
 * The pixels of the list above its sight, of which so many have been scrolled.
 *
 * @param {number} count
 * @param {number} tall
 * @param {number} scrolled
 */
export const topOf = (count, tall, scrolled) => scrolled * stretch(count, tall);

/**
 * How far to scroll so that so many pixels of the list are above.
 *
 * @param {number} count
 * @param {number} tall
 * @param {number} above
 */
export const scrollTo = (count, tall, above) =>
  Math.max(0, Math.min(hidden(count, tall), above)) / stretch(count, tall);

/**
 * The rows to keep, from `first` to before `last`, and how many elements that takes.
 *
 * @param {number} count
 * @param {number} tall
 * @param {number} above pixels of the list above its sight
 */
export function rowsKept(count, tall, above) {
  const first = Math.max(0, Math.floor(above / ROW) - BEYOND);
  const needed = Math.min(count, Math.ceil(tall / ROW) + 2 * BEYOND + 1);
  return { first, last: Math.min(count, first + needed), needed };
}

/**
 * The pixels of the list that are to be above so that a row is in sight, at the top or with as little motion as is needed;
 * null where it is.
 *
 * @param {number} position
 * @param {number} tall
 * @param {number} above pixels of the list above its sight
 * @param {boolean} toTop
 */
export function revealed(position, tall, above, toTop) {
  const [start, end] = [position * ROW, (position + 1) * ROW - tall];
  if (toTop || start < above) return start;
  return end > above ? end : null;
}
