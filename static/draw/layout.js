// Where everything of a network goes on the stage: pure geometry, from the layers' sizes and the stage's.

export const PICTURE = 784; // inputs that are shown as a 28 x 28 picture
const BOTTOM = 42;
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/** The units of a layer that are drawn: all, or the first and the last ones around a gap. */
function shownUnits(units, capacity) {
  if (units <= capacity) return Array.from({ length: units }, (_, unit) => unit);
  const half = Math.max(1, Math.floor((capacity - 2) / 2));
  return [...Array(half).keys(), ...Array.from({ length: half }, (_, i) => units - half + i)];
}

function column(layer, units, x, room, chosen) {
  const capacity = Math.max(4, Math.floor(room.height / room.pitch));
  const shown = chosen ?? shownUnits(units, capacity);
  const hidden = units - shown.length;
  const rows = shown.length + (hidden ? 2 : 0);
  const pitch = Math.min(room.height / rows, units <= 2 ? 176 : 128);
  const first = room.top + room.height / 2 - ((rows - 1) * pitch) / 2;
  const half = shown.length / 2;
  const ys = shown.map((_, place) => first + (place + (hidden && place >= half ? 2 : 0)) * pitch);
  const gap = hidden ? first + (half + 0.5) * pitch : null;
  return { layer, units, x, shown, hidden, pitch, ys: new Map(shown.map((unit, i) => [unit, ys[i]])), gap };
}

/**
 * The layout of a network of the given sizes (the input first) on a stage of width x height CSS pixels, of which the
 * first `top` are taken by the legend. `chosen` may have the units of a layer that are drawn.
 */
export function layOut(sizes, width, height, top, chosen = []) {
  const narrow = width < 560;
  const first = top + (sizes[0] === PICTURE ? 22 : 0);
  const room = { top: first, height: height - first - BOTTOM, pitch: narrow ? 18 : 19 };
  const picture = sizes[0] === PICTURE ? inputPicture(sizes, width, room, narrow) : null;
  const firstLayer = picture ? 1 : 0;
  const spaces = sizes.length - 1 - firstLayer;
  const margin = spaces > 6 ? 0.055 : 0.11;
  const left = picture ? picture.end : clamp(width * margin, 34, 120);
  const right = width - clamp(width * margin, 44, 110);
  const spacing = spaces ? (right - left) / spaces : 0;
  const columns = sizes.map((units, layer) => {
    if (layer < firstLayer) return null;
    return column(
      layer,
      units,
      spaces ? left + (layer - firstLayer) * spacing : (left + right) / 2,
      room,
      chosen[layer],
    );
  });
  const pitch = Math.min(...columns.filter(Boolean).map((each) => each.pitch));
  const radius = clamp(Math.min(pitch * 0.31, spacing ? spacing * 0.17 : 28), 5, 27);
  return {
    width,
    height,
    top,
    sizes,
    columns,
    picture,
    radius,
    spacing,
    arrow: { least: 5, span: clamp(Math.min(pitch * 0.75, spacing * 0.14), 7, 26) },
    line: { least: 0.5, span: clamp(pitch * 0.06, 1.3, 3.4) },
  };
}

function inputPicture(sizes, width, room, narrow) {
  const units = sizes[1];
  const capacity = Math.max(4, Math.floor(room.height / room.pitch));
  const pitch = room.height / (units <= capacity ? units : capacity);
  const small = Math.floor(clamp(pitch - 4, 12, narrow ? 24 : 46));
  const margin = narrow ? 8 : 22;
  const side = Math.floor(clamp(width * 0.17, 56, 150) / 28) * 28;
  const weights = margin + side + (narrow ? 10 : clamp(width * 0.06, 18, 60));
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

/** @typedef {[x0: number, y0: number, x1: number, y1: number]} Path Where a connection's curve begins and ends. */

/** The centre of a unit's circle, or null where it is not drawn. */
export function centre(layout, layer, unit) {
  const y = layout.columns[layer]?.ys.get(unit);
  return y === undefined ? null : { x: layout.columns[layer].x, y };
}

/**
 * The curve of a connection between the rims of its two circles, or null where one is not drawn.
 *
 * @returns {Path | null}
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
 */
export function arrowPlaces(layout, layer) {
  const places = new Map();
  const taken = [];
  const [to, from] = [layout.columns[layer], layout.columns[layer - 1]];
  if (!to || !from) return places;
  for (const unit of to.shown) {
    for (const below of from.shown) {
      const line = curve(layout, layer, unit, below);
      let best = null;
      for (const share of [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8]) {
        const point = along(line, share);
        const room = Math.min(
          44,
          ...taken.slice(-160).map((other) => Math.hypot(1.6 * (other.x - point.x), other.y - point.y)),
        );
        if (!best || room > best.room + 2) best = { ...point, room };
        if (room >= 44) break;
      }
      taken.push(best);
      places.set(`${unit},${below}`, best);
    }
  }
  return places;
}
