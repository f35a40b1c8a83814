// Where everything of a network goes on the stage: pure geometry, from the layers' sizes and the stage's.

/** @import { Column, Layout, Path, PicturePlace, Point } from "./types.js" */

export const PICTURE = 784; // inputs that are shown as a 28 x 28 picture
export const LEAST_TYPE = 10; // pixels of the smallest type
const BOTTOM = 42; // pixels below the network, where its layers are named
const USUAL = { width: 900, height: 480 }; // pixels of a stage on which nothing is enlarged
const LARGEST = 4; // times
const MOST_BESIDE = 0.2; // of the width, for the names of the outputs
export const [RINGS, DELTA] = [8, 19]; // pixels of the usual size that the ring around a circle takes, and from the circle down to its delta

/**
 * What the neurons of a column have, how close they may be, and the scale of the stage.
 *
 * @typedef {{top: number, height: number, pitch: number, scale: number}} Room
 */

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/**
 * How many times its usual size everything has on a stage of so many CSS pixels, the smallest type at least `least`.
 *
 * @param {{width: number, height: number}} stage
 * @param {number} [least]
 */
export const scaleOf = ({ width, height }, least = LEAST_TYPE) =>
  Math.max(least / LEAST_TYPE, clamp(Math.min(width / USUAL.width, height / USUAL.height), 1, LARGEST));

/**
 * The units of a layer that are drawn: all, or those that are named, the first and the last ones, around a gap.
 *
 * @param {number} units
 * @param {number} capacity
 * @param {number[]} named
 */
function shownUnits(units, capacity, named) {
  if (units <= capacity) return Array.from({ length: units }, (_, unit) => unit);
  const half = Math.max(1, Math.floor((capacity - 2) / 2));
  const ends = Array.from({ length: 2 * half }, (_, i) => (i % 2 ? units - 1 - (i - 1) / 2 : i / 2));
  return [...new Set([...named, ...ends])].slice(0, 2 * half).toSorted((one, other) => one - other);
}

/**
 * @param {number} layer
 * @param {number} units
 * @param {number} x
 * @param {Room} room
 * @param {number[] | null} [chosen]
 * @param {number[]} [named]
 * @returns {Column}
 */
function column(layer, units, x, room, chosen, named = []) {
  const capacity = Math.max(4, Math.floor(room.height / room.pitch));
  const shown = chosen ?? shownUnits(units, capacity, named);
  const hidden = units - shown.length;
  const rows = shown.length + (hidden ? 2 : 0);
  const pitch = Math.min(room.height / rows, room.scale * (units <= 2 ? 176 : 128));
  const first = room.top + room.height / 2 - ((rows - 1) * pitch) / 2;
  const half = shown.length / 2;
  const ys = shown.map((_, place) => first + (place + (hidden && place >= half ? 2 : 0)) * pitch);
  const gap = hidden ? first + (half + 0.5) * pitch : null;
  return { layer, units, x, shown, hidden, pitch, ys: new Map(shown.map((unit, i) => [unit, ys[i]])), gap };
}

/**
 * The radius of circles so far from each other: a part of that, and a little less where then a delta fits below.
 *
 * @param {number} pitch
 * @param {number} scale
 */
function radiusOf(pitch, scale) {
  const clear = (pitch - (RINGS + DELTA) * scale) / 2;
  return clear < pitch * 0.275 ? pitch * 0.31 : Math.min(pitch * 0.31, clear);
}

/**
 * The layout of a network of the given sizes (the input first) on a stage of width x height CSS pixels, of which the
 * first `top` are taken by the legend. `chosen` may have the units of a layer that are drawn, `named` those that are drawn
 * before others where there is not room for all; no type is smaller than `least`.
 *
 * @param {number[]} sizes
 * @param {number} width
 * @param {number} height
 * @param {number} top
 * @param {(number[] | null)[]} [chosen]
 * @param {number} [least]
 * @param {number[][]} [named]
 * @param {number} [beside] pixels of the usual size that are wanted from the middle of the outputs to the right
 * @returns {Layout}
 */
export function layOut(sizes, width, height, top, chosen = [], least = LEAST_TYPE, named = [], beside = 0) {
  const scale = scaleOf({ width, height }, least);
  const narrow = width < 560;
  const first = top + (sizes[0] === PICTURE ? 22 * scale : 0);
  const room = { top: first, height: height - first - BOTTOM * scale, pitch: (narrow ? 18 : 19) * scale, scale };
  const picture = sizes[0] === PICTURE ? inputPicture(sizes, width, room, narrow) : null;
  const firstLayer = picture ? 1 : 0;
  const spaces = sizes.length - 1 - firstLayer;
  const margin = spaces > 6 ? 0.055 : 0.11;
  const left = picture ? picture.end : clamp(width * margin, 34, 120 * scale);
  const right = width - Math.max(clamp(width * margin, 44, 110 * scale), Math.min(beside * scale, width * MOST_BESIDE));
  const spacing = spaces ? (right - left) / spaces : 0;
  const columns = sizes.map((units, layer) => {
    if (layer < firstLayer) return null;
    return column(
      layer,
      units,
      spaces ? left + (layer - firstLayer) * spacing : (left + right) / 2,
      room,
      chosen[layer],
      named[layer],
    );
  });
  const pitch = Math.min(...columns.filter(Boolean).map((each) => each.pitch));
  const radius = clamp(Math.min(radiusOf(pitch, scale), spacing ? spacing * 0.17 : 28 * scale), 5, 27 * scale);
  return {
    width,
    height,
    top,
    sizes,
    columns,
    picture,
    radius,
    spacing,
    scale,
    least,
    arrow: { least: 5 * scale, span: clamp(Math.min(pitch * 0.75, spacing * 0.14), 7, 26 * scale) },
    line: { least: 0.5 * scale, span: clamp(pitch * 0.06, 1.3, 3.4 * scale) },
  };
}

/**
 * @param {number[]} sizes
 * @param {number} width
 * @param {Room} room
 * @param {boolean} narrow
 * @returns {PicturePlace}
 */
function inputPicture(sizes, width, room, narrow) {
  const units = sizes[1];
  const capacity = Math.max(4, Math.floor(room.height / room.pitch));
  const pitch = room.height / (units <= capacity ? units : capacity);
  const small = Math.floor(clamp(pitch - 4, 12, (narrow ? 24 : 46) * room.scale));
  const margin = narrow ? 8 : 22;
  const side = Math.floor(clamp(width * 0.17, 56, 150 * room.scale) / 28) * 28;
  const weights = margin + side + (narrow ? 10 : clamp(width * 0.06, 18, 60 * room.scale));
  const gradients = weights + small + (narrow ? 3 : 6);
  return {
    x: margin,
    y: room.top + room.height / 2 - side / 2,
    side,
    small,
    weights,
    gradients,
    end: gradients + small + (narrow ? 24 : 44),
  };
}

/**
 * The centre of a unit's circle, or null where it is not drawn.
 *
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} unit
 * @returns {Point | null}
 */
export function centre(layout, layer, unit) {
  const y = layout.columns[layer]?.ys.get(unit);
  return y === undefined ? null : { x: layout.columns[layer].x, y };
}

/**
 * Where a bias is drawn: a short line of its own, down left of its neuron.
 *
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} unit
 * @returns {Point}
 */
export function biasPoint(layout, layer, unit) {
  const { x, y } = centre(layout, layer, unit);
  const reach = layout.radius + Math.max(5, layout.radius * 0.55);
  return { x: x - reach * 0.78, y: y + reach * 0.72 };
}

/**
 * The curve of a connection between the rims of its two circles, or null where one is not drawn.
 *
 * @returns {Path | null}
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} to
 * @param {number} from
 */
export function curve(layout, layer, to, from) {
  const a = centre(layout, layer - 1, from);
  const b = centre(layout, layer, to);
  return a && b && [a.x + layout.radius, a.y, b.x - layout.radius, b.y];
}

/**
 * The point a share of the way along a connection's curve.
 *
 * @param {Path} path
 * @param {number} share
 */
export function along([x0, y0, x1, y1], share) {
  const rest = 1 - share;
  const x =
    x0 * (rest ** 3 + 1.5 * rest ** 2 * share + 1.5 * rest * share ** 2) +
    x1 * (share ** 3 + 1.5 * rest ** 2 * share + 1.5 * rest * share ** 2);
  const y = y0 * (rest ** 3 + 3 * rest ** 2 * share) + y1 * (share ** 3 + 3 * rest * share ** 2);
  return { x, y };
}

/**
 * Where on its connection each arrow stands, so that arrows keep clear of each other: of a few places on its curve
 * each takes in turn the one farthest from those already taken. The same layout gives the same places.
 *
 * @param {Layout} layout
 * @param {number} layer
 * @returns {Map<string, Point>}
 */
export function arrowPlaces(layout, layer) {
  const places = new Map();
  const taken = [];
  const enough = 44 * layout.scale;
  const [to, from] = [layout.columns[layer], layout.columns[layer - 1]];
  if (!to || !from) return places;
  for (const unit of to.shown) {
    for (const below of from.shown) {
      const line = curve(layout, layer, unit, below);
      let best = null;
      for (const share of [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8]) {
        const point = along(line, share);
        const room = Math.min(
          enough,
          ...taken.slice(-160).map((other) => Math.hypot(1.6 * (other.x - point.x), other.y - point.y)),
        );
        if (!best || room > best.room + 2) best = { ...point, room };
        if (room >= enough) break;
      }
      taken.push(best);
      places.set(`${unit},${below}`, best);
    }
  }
  return places;
}
