// The table behind the wishes side by side: which columns there is room for, and their cells row by row.

import { reach } from "../../draw/matrix.js";
import { roundScale } from "../../base/numbers.js";
import { MARGIN } from "../../tensor/cells.js";
import { placeOf } from "../../tensor/linked_highlight.js";

export const LABEL = 24; // pixels of the numbers of units
const SIGN = 16; // and of + and =
const [NARROW, BESIDE, LESS] = [270, { sum: 46, bars: 50 }, { sum: 20, bars: 34 }]; // of the sum and its bars; the less, where it is narrow
const [NARROWEST, WIDEST] = [3, 46]; // pixels of a column
const [LOWEST, HIGHEST, TALL] = [4, 22, 360]; // pixels of a row, and of all rows where they fit

/**
 * How a width is shared: {room, beside, columns}, with the room for the cells of all wishes, the widths of the sums and
 * of their bars, and the columns of the style. `skips` where what comes along a residual connection stands there too.
 */
export function shareWidth(width, skips) {
  const beside = width < NARROW ? LESS : BESIDE;
  const sums = (skips ? 2 : 1) * (beside.sum + SIGN + 2 * MARGIN);
  return {
    room: width - LABEL - sums - beside.bars - 2 * MARGIN - 2,
    beside,
    columns: `${LABEL}px auto ${skips ? "auto auto " : ""}auto auto ${beside.bars}px`,
  };
}

/** To which numbers the wishes, the sums and the neurons' own wishes are coloured. */
export function scalesOf(found) {
  const largest = (name) => (found.has(name) ? reach(found.get(name).data) : 0);
  return {
    asked: roundScale(largest("asked")),
    total: roundScale(Math.max(largest("total"), largest("skip"))),
    strip: roundScale(largest("above")),
  };
}

/** How large the cells are in a room of so many pixels, and how many columns fit. */
function sizesOf(room, rows, columns) {
  const shown = Math.min(columns, Math.max(1, Math.floor(room / NARROWEST)));
  const wide = Math.min(WIDEST, room / shown);
  return {
    shown,
    cell: [wide >= 6 ? Math.floor(wide) : wide, Math.max(LOWEST, Math.min(HIGHEST, Math.floor(TALL / rows)))],
  };
}

/** The places, in the answer, of the columns with the strongest wishes, in the order of their neurons. */
function strongest(above, columns, count) {
  const places = Array.from(columns.keys());
  if (places.length <= count) return places;
  const size = (place) => Math.abs(above[columns[place]]);
  return places
    .toSorted((one, other) => size(other) - size(one))
    .slice(0, count)
    .toSorted((one, other) => one - other);
}

/**
 * The table of an answer in a room of so many pixels: `rows`, one a unit of the layer; `units`, the neuron above that
 * each column is of, and `places`, where its row stands in the answer; `asked` row by row, and the cells' size.
 */
export function tableOf({ found, listing, layer }, room) {
  const data = (name) => found.get(name)?.data;
  const rows = listing.sizes[layer];
  const columns = data("columns") ?? Array.from({ length: listing.sizes[layer + 1] }, (_, unit) => unit);
  const { shown, cell } = sizesOf(room, rows, columns.length);
  const places = strongest(data("above"), columns, shown);
  const asked = new Float32Array(rows * places.length);
  for (let row = 0; row < rows; row++)
    places.forEach((place, i) => (asked[row * places.length + i] = data("asked")[place * rows + row]));
  const units = places.map((place) => columns[place]);
  return {
    rows,
    cell,
    places,
    units,
    asked,
    strip: Float32Array.from(units, (unit) => data("above")[unit]),
    W: data("W"),
    skip: data("skip"),
    total: data("total"),
  };
}

/** The cells that are lit while the network's mark, {tensor, index}, is pointed at. */
export function litBy(mark, { layer, listing }, units) {
  if (!mark) return [];
  const [owner, index] = placeOf(mark, listing.sizes.length - 1).split(":");
  const [first, second] = index.split(",").map(Number);
  if (owner === String(layer)) return [{ row: first }];
  const column = units.indexOf(first);
  if (column < 0) return [];
  if (owner === `W${layer + 1}`) return [{ row: second, column }];
  return owner === String(layer + 1) ? [{ column }] : [];
}
