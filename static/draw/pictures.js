// 28 x 28 pictures: the input, and each first-layer neuron's weights and what the arrows show of them.

import { channels, mix } from "../colours.js";
import { PICTURE } from "../layout.js";

const SIDE = 28;

/** A picture mark: a whole row of a tensor, one cell a pixel. `expand` gives the marks of its cells. */
function picture(tensor, row, data, box, kind, scale, sign = 1) {
  return { kind, tensor, row, data, scale, sign, ...box };
}

/** The input picture and, for each drawn neuron of the first layer, its weights and where they go. */
export function pictures(view) {
  const { moment, layout, example, scales, arrows: { letter, sign } } = view;
  const nudges = `${letter}W1`;
  const place = layout.picture;
  if (!place) return [];
  const marks = [];
  if (moment.has("a0")) marks.push(picture("a0", example, moment.row("a0", example), { x: place.x, y: place.y, side: place.side }, "ink", 1));
  const column = layout.columns[1];
  for (const unit of column.shown) {
    const y = column.ys.get(unit) - place.small / 2;
    marks.push(picture("W1", unit, moment.row("W1", unit), { x: place.weights, y, side: place.small }, "grey", scales.pictureWeight));
    if (moment.has(nudges)) {
      marks.push(picture(nudges, unit, moment.row(nudges, unit), { x: place.gradients, y, side: place.small }, "nudge", scales.pictureGradient, sign));
    }
  }
  return marks;
}

/** Paint a cell's value into four bytes of an image: red, green, blue, alpha. */
function paintCell(bytes, at, { kind, scale, sign }, value, tones) {
  const part = value - value === 0 ? Math.min(1, Math.abs(value) / scale) : 1;
  let tone = tones.now;
  let alpha = 255;
  if (value - value === 0) {
    tone = kind === "ink" ? tones.ink : kind === "nudge" ? (sign * value > 0 ? tones.up : tones.down) : value > 0 ? tones.ink : tones.paper;
    if (kind === "ink") alpha = 255 * part;
    if (kind === "nudge") alpha = 255 * part ** 0.6;
  }
  const from = kind === "grey" && tone !== tones.now ? tones.middle : tone;
  for (let i = 0; i < 3; i++) bytes[at + i] = from[i] + (tone[i] - from[i]) * part;
  bytes[at + 3] = alpha;
}

function tonesOf(colours) {
  const named = Object.fromEntries(["ink", "paper", "up", "down", "now"].map((name) => [name, channels(colours[name])]));
  return { ...named, middle: channels(mix(colours.paper, colours.ink, 0.42)) };
}

/** The marks of a picture's cells. */
export function expand(mark, colours) {
  const tones = tonesOf(colours);
  const bytes = new Uint8ClampedArray(4);
  return Array.from(mark.data, (value, k) => {
    paintCell(bytes, 0, mark, value, tones);
    const colour = `rgba(${bytes[0]}, ${bytes[1]}, ${bytes[2]}, ${(bytes[3] / 255).toFixed(3)})`;
    return { kind: "pixel", tensor: mark.tensor, index: [mark.row, k], value, colour, size: mark.side / SIDE };
  });
}

/** A painter of pictures, which keeps one sheet of pixels for them all. */
export function createPicturePainter() {
  const sheet = document.createElement("canvas");
  sheet.width = SIDE;
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  return (context, marks, colours, growing, share) => {
    if (!marks.length) return;
    if (sheet.height !== SIDE * marks.length) sheet.height = SIDE * marks.length;
    const image = pen.createImageData(SIDE, sheet.height);
    const tones = tonesOf(colours);
    marks.forEach((mark, place) => {
      for (let k = 0; k < PICTURE; k++) {
        paintCell(image.data, (place * PICTURE + k) * 4, mark, mark.data[k], tones);
      }
    });
    pen.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    marks.forEach((mark, place) => {
      context.globalAlpha = growing.has(mark.tensor) ? share : 1;
      context.drawImage(sheet, 0, place * SIDE, SIDE, SIDE, mark.x, mark.y, mark.side, mark.side);
      context.globalAlpha = 1;
      context.strokeStyle = colours.rule;
      context.lineWidth = 1;
      context.strokeRect(mark.x - 0.5, mark.y - 0.5, mark.side + 1, mark.side + 1);
    });
  };
}

/** Paint one picture on a canvas of its own, of 28 x 28 pixels: `mark` has data, kind, scale and sign. */
export function paintPicture(canvas, mark, colours) {
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(SIDE, SIDE);
  const tones = tonesOf(colours);
  for (let k = 0; k < PICTURE; k++) paintCell(image.data, 4 * k, mark, mark.data[k], tones);
  pen.putImageData(image, 0, 0);
}
