// Beside a grid of wishes: the numbers of its rows and columns, its sums as arrows with bars, and wishes as small pictures.

import { nudgeColour } from "../base/colours.js";
import { toneOf } from "./matrix.js";

/** @import { Context } from "./types.js" */
/** @import { Colours } from "../base/colours.js" */

const [LEAST, ARROW] = [11, 12]; // pixels that a number, or an arrow, needs
const SIDE = 28;

/** @typedef {ReturnType<typeof tilesOf>} Tiles */

/**
 * The numbers of units, one a row, or one a column where `across`; only some of them where it is too tight.
 *
 * @param {Context} context
 * @param {{units: ArrayLike<number> & {forEach: (each: (unit: number, place: number) => void) => void}, pitch: number, start: number, across: boolean}} labels
 * @param {Colours} colours
 * @param {string} font
 */
export function paintLabels(context, { units, pitch, start, across }, colours, font) {
  const every = Math.ceil((across ? LEAST + 4 : LEAST) / pitch);
  context.font = `10.5px ${font}`;
  context.fillStyle = colours.muted;
  context.textAlign = across ? "center" : "right";
  context.textBaseline = "middle";
  units.forEach((unit, place) => {
    if (place % every) return;
    const middle = start + (place + 0.5) * pitch;
    context.fillText(String(unit), across ? middle : context.canvas.width / devicePixelRatio - 3, across ? 7 : middle);
  });
}

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 * @param {boolean} up
 */
function paintArrow(context, x, y, up) {
  const way = up ? -1 : 1;
  context.fillRect(x - 0.8, y - 4, 1.6, 8);
  context.beginPath();
  context.moveTo(x - 3.4, y + way * 1.5);
  context.lineTo(x + 3.4, y + way * 1.5);
  context.lineTo(x, y + way * 5.5);
  context.fill();
}

/**
 * Wishes as bars, with an arrow each where there is room: blue and up, red and down, full at the scale.
 *
 * @param {Context} context
 * @param {{data: Float32Array, pitch: number, start: number, width: number, scale: number}} bars
 * @param {Colours} colours
 */
export function paintBars(context, { data, pitch, start, width, scale }, colours) {
  const arrows = pitch >= ARROW;
  const from = arrows ? 12 : 2;
  data.forEach((value, row) => {
    const middle = start + (row + 0.5) * pitch;
    context.fillStyle = Number.isFinite(value) ? nudgeColour(colours, -value) : colours.now;
    if (arrows && value) paintArrow(context, 5, middle, value > 0);
    const high = Math.max(1, Math.min(7, pitch - 1));
    context.fillRect(
      from,
      middle - high / 2,
      (width - from) * Math.min(1, Number.isFinite(value) ? Math.abs(value) / scale : 1),
      high,
    );
  });
}

/**
 * How many 28 x 28 pictures stand side by side, how large and how far apart.
 *
 * @param {number} count
 * @param {number} width
 */
export function tilesOf(count, width) {
  const magnified = count <= 20 && width >= 240 ? 2 : 1;
  const [side, gap] = [SIDE * magnified, 5];
  const across = Math.max(1, Math.min(count, Math.floor((width + gap) / (side + gap))));
  return {
    count,
    side,
    gap,
    across,
    width: across * (side + gap) - gap,
    height: Math.ceil(count / across) * (side + gap) - gap,
  };
}

/**
 * @param {Tiles} tiles
 * @param {number} place
 */
const cornerOf = ({ side, gap, across }, place) => [
  (place % across) * (side + gap),
  Math.floor(place / across) * (side + gap),
];

/**
 * The picture and the cell of it at a point, or null.
 *
 * @param {Tiles} tiles
 * @param {number} x
 * @param {number} y
 */
export function tileAt(tiles, x, y) {
  const pitch = tiles.side + tiles.gap;
  const [column, row] = [Math.floor(x / pitch), Math.floor(y / pitch)];
  const place = row * tiles.across + column;
  const [inX, inY] = [x - column * pitch, y - row * pitch];
  if (x < 0 || y < 0 || column >= tiles.across || place >= tiles.count || inX >= tiles.side || inY >= tiles.side)
    return null;
  const cell = Math.floor((inY / tiles.side) * SIDE) * SIDE + Math.floor((inX / tiles.side) * SIDE);
  return { place, cell };
}

/**
 * Wishes as pictures, `data` one after the other, full at the scale; the one that is `lit` is outlined.
 *
 * @param {Context} context
 * @param {Tiles} tiles
 * @param {{data: Float32Array, scale: number, lit: number | null}} shown
 * @param {Colours} colours
 */
export function paintTiles(context, tiles, { data, scale, lit }, colours) {
  const tone = toneOf("along", scale, colours);
  const sheet = new OffscreenCanvas(SIDE, SIDE * tiles.count);
  const image = new ImageData(SIDE, SIDE * tiles.count);
  for (let cell = 0; cell < data.length; cell++) {
    const [red, green, blue] = tone(data[cell]);
    image.data[4 * cell] = red;
    image.data[4 * cell + 1] = green;
    image.data[4 * cell + 2] = blue;
    image.data[4 * cell + 3] = 255;
  }
  sheet.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  for (let place = 0; place < tiles.count; place++) {
    const [x, y] = cornerOf(tiles, place);
    context.drawImage(sheet, 0, place * SIDE, SIDE, SIDE, x, y, tiles.side, tiles.side);
    context.strokeStyle = place === lit ? colours.now : colours.rule;
    context.lineWidth = place === lit ? 2 : 1;
    context.strokeRect(x + 0.5, y + 0.5, tiles.side - 1, tiles.side - 1);
  }
}
