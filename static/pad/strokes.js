// Strokes of a pen on the drawing pad, as points from 0 to 1, and the ink that they leave.

export const PENS = { thin: 0.055, medium: 0.085, thick: 0.125 }; // how wide, as a share of the pad
export const GRID = 512; // points lie on a grid of so many units across the pad, so that a link can hold them

const PICTURE = 28;

/**
 * The points of a stroke as a smooth line, for they may be few: curves through the middles between them. Calls
 * `move(point)` with where it begins, then `bend(by, to)` for each curve, and `go(point)` with where it ends.
 */
export function trace(points, { move, bend, go }) {
  move(points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    const [here, next] = [points[i], points[i + 1]];
    bend(here, { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 });
  }
  go(points.at(-1));
}

function paintStroke(context, { points, width }, size, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width * size;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  if (points.length === 1) {
    context.arc(points[0].x * size, points[0].y * size, (width * size) / 2, 0, 2 * Math.PI);
    context.fill();
  } else {
    trace(points, {
      move: ({ x, y }) => context.moveTo(x * size, y * size),
      bend: (by, to) => context.quadraticCurveTo(by.x * size, by.y * size, to.x * size, to.y * size),
      go: ({ x, y }) => context.lineTo(x * size, y * size),
    });
    context.stroke();
  }
}

/** Paint 28 x 28 pixels into a box, each in one even colour: `tint(context, k)` sets colour and alpha of the k-th. */
export function paintPixels(context, { x, y, wide, high }, tint) {
  const sheet = new OffscreenCanvas(PICTURE, PICTURE); // or there would be seams between them
  const pen = sheet.getContext("2d");
  for (let k = 0; k < PICTURE * PICTURE; k++) {
    tint(pen, k);
    pen.fillRect(k % PICTURE, Math.floor(k / PICTURE), 1, 1);
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet, x, y, wide, high);
}

/** Paint 28 x 28 bytes of ink, row by row, as a picture of size x size. */
export function paintBytes(context, bytes, size, colour) {
  paintPixels(context, { x: 0, y: 0, wide: size, high: size }, (pen, k) => {
    pen.fillStyle = colour;
    pen.globalAlpha = bytes[k] / 255;
  });
}

/** Paint what is on a pad, strokes {points, width} and pictures {picture}, onto a context of size x size pixels. */
export function paintItems(context, items, size, colour) {
  context.clearRect(0, 0, size, size);
  for (const item of items) {
    if (item.picture) paintBytes(context, item.picture, size, colour);
    else paintStroke(context, item, size, colour);
  }
}

/** Bytes in base64. */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
