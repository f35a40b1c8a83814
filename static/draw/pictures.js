// 28 x 28 pictures: the input, and each first-layer neuron's weights and what the arrows show of them.

import { channels, mix } from "../base/colours.js";
import { PICTURE } from "./layout.js";
import { paintHatching } from "./matrix.js";

/** @import { Context, PictureMark, View } from "./types.js" */
/** @import { Channels, Colours } from "../base/colours.js" */

const SIDE = 28;

/** @typedef {Pick<PictureMark, "kind" | "scale" | "sign" | "data">} Cells */

const LEVELS = 510; // of a colour, each way from nothing

/**
 * A picture mark: a whole row of a tensor, one cell a pixel. `expand` gives the marks of its cells.
 *
 * @param {string} tensor
 * @param {number} row
 * @param {Float32Array} data
 * @param {{x: number, y: number, side: number}} box
 * @param {PictureMark["kind"]} kind
 * @param {number} scale
 * @param {number} [sign]
 * @returns {PictureMark}
 */
function picture(tensor, row, data, box, kind, scale, sign = 1) {
  return { kind, tensor, row, data, scale, sign, ...box };
}

/**
 * The input picture and, for each drawn neuron of the first layer, its weights and where they go.
 *
 * @param {View} view
 */
export function pictures(view) {
  const {
    moment,
    layout,
    example,
    scales,
    arrows: { letter, sign },
  } = view;
  const nudges = `${letter}W1`;
  const place = layout.picture;
  if (!place) return [];
  const marks = [];
  if (moment.has("a0"))
    marks.push(
      picture("a0", example, moment.row("a0", example), { x: place.x, y: place.y, side: place.side }, "ink", 1),
    );
  const column = layout.columns[1];
  for (const unit of column.shown) {
    const y = column.ys.get(unit) - place.small / 2;
    marks.push(
      picture(
        "W1",
        unit,
        moment.row("W1", unit),
        { x: place.weights, y, side: place.small },
        "grey",
        scales.pictureWeight,
      ),
    );
    if (moment.has(nudges)) {
      marks.push(
        picture(
          nudges,
          unit,
          moment.row(nudges, unit),
          { x: place.gradients, y, side: place.small },
          "nudge",
          scales.pictureGradient,
          sign,
        ),
      );
    }
  }
  return marks;
}

/**
 * A colour of a picture, as four bytes: `part`, from -1 to 1, says how much of its scale a cell's value is.
 *
 * @param {PictureMark["kind"]} kind
 * @param {number} part
 * @param {Record<"ink" | "paper" | "up" | "down" | "middle", Channels>} tones
 * @returns {number[]}
 */
function shade(kind, part, { ink, paper, up, down, middle }) {
  const much = Math.abs(part);
  if (kind === "ink") return [...ink, 255 * much];
  if (kind === "nudge") return [...(part > 0 ? up : down), 255 * much ** 0.6];
  const tone = part > 0 ? ink : paper;
  return [...middle.map((from, i) => from + (tone[i] - from) * much), 255];
}

/**
 * All colours of a kind of picture, from one end of its scale to the other, and last that of what is no number.
 *
 * @param {PictureMark["kind"]} kind
 * @param {Colours} colours
 */
function shadesOf(kind, colours) {
  const tones = {
    ink: channels(colours.ink),
    paper: channels(colours.paper),
    up: channels(colours.up),
    down: channels(colours.down),
    middle: channels(mix(colours.paper, colours.ink, 0.42)),
  };
  const parts = Array.from({ length: 2 * LEVELS + 1 }, (_, level) => (level - LEVELS) / LEVELS);
  const bytes = Uint8ClampedArray.from([
    ...parts.flatMap((part) => shade(kind, part, tones)),
    ...channels(colours.now),
    255,
  ]);
  return new Uint32Array(bytes.buffer);
}

const shades = new WeakMap(); // by the colours of a theme

/**
 * @param {PictureMark["kind"]} kind
 * @param {Colours} colours
 * @returns {Uint32Array}
 */
function shadesFor(kind, colours) {
  if (!shades.has(colours)) shades.set(colours, {});
  return (shades.get(colours)[kind] ??= shadesOf(kind, colours));
}

/**
 * Paint the cells of a picture into the words of an image, from `at` on: a word is a pixel.
 *
 * @param {Uint32Array} words of an image, a pixel each
 * @param {number} at
 * @param {Cells} mark
 * @param {Colours} colours
 */
function paintCells(words, at, { kind, scale, sign, data }, colours) {
  const all = shadesFor(kind, colours);
  const per = (sign * LEVELS) / scale;
  for (let k = 0; k < PICTURE; k++) {
    const level = Math.max(-LEVELS, Math.min(LEVELS, data[k] * per)); // NaN where the value is
    words[at + k] = data[k] - data[k] === 0 ? all[LEVELS + Math.round(level)] : all[2 * LEVELS + 1];
  }
}

/**
 * The marks of a picture's cells.
 *
 * @param {Cells & Pick<PictureMark, "tensor" | "row" | "side">} mark
 * @param {Colours} colours
 */
export function expand(mark, colours) {
  const words = new Uint32Array(PICTURE);
  paintCells(words, 0, mark, colours);
  const bytes = new Uint8ClampedArray(words.buffer);
  return Array.from(mark.data, (value, k) => {
    const [red, green, blue, alpha] = bytes.subarray(4 * k, 4 * k + 4);
    const colour = `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
    return { kind: "pixel", tensor: mark.tensor, index: [mark.row, k], value, colour, size: mark.side / SIDE };
  });
}

const WHOLE = { left: 0, right: SIDE, top: 0, bottom: SIDE };

/**
 * Hatch the cells of a picture that say down.
 *
 * @param {Context} context
 * @param {PictureMark} mark
 * @param {string} colour
 */
function paintDown(context, { data, sign, x, y, side }, colour) {
  const cell = side / SIDE;
  paintHatching(context, { columns: SIDE, data, width: cell, height: cell, x, y }, WHOLE, -sign, colour);
}

/** A painter of pictures, which keeps one sheet of pixels for them all. */
export function createPicturePainter() {
  const sheet = document.createElement("canvas");
  sheet.width = SIDE;
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  /** @type {ImageData | null} */
  let image = null;
  /**
   * @param {Context} context
   * @param {PictureMark[]} marks
   * @param {Colours} colours
   * @param {Set<string>} growing
   * @param {number} share
   */
  return (context, marks, colours, growing, share) => {
    if (!marks.length) return;
    if (image?.height !== SIDE * marks.length) {
      sheet.height = SIDE * marks.length;
      image = pen.createImageData(SIDE, sheet.height);
    }
    const words = new Uint32Array(image.data.buffer);
    marks.forEach((mark, place) => paintCells(words, place * PICTURE, mark, colours));
    pen.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    marks.forEach((mark, place) => {
      context.globalAlpha = growing.has(mark.tensor) ? share : 1;
      context.drawImage(sheet, 0, place * SIDE, SIDE, SIDE, mark.x, mark.y, mark.side, mark.side);
      context.globalAlpha = 1;
      if (mark.kind === "nudge") paintDown(context, mark, colours.paper);
      context.strokeStyle = colours.rule;
      context.lineWidth = 1;
      context.strokeRect(mark.x - 0.5, mark.y - 0.5, mark.side + 1, mark.side + 1);
    });
  };
}

/**
 * Paint one picture on a canvas of its own, of 28 x 28 pixels: `mark` has data, kind, scale and sign.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Cells} mark
 * @param {Colours} colours
 */
export function paintPicture(canvas, mark, colours) {
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(SIDE, SIDE);
  paintCells(new Uint32Array(image.data.buffer), 0, mark, colours);
  pen.putImageData(image, 0, 0);
}
