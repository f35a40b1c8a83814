// Strokes of a pen on the drawing pad, as points from 0 to 1, and the ink that they leave.

/** Paint strokes onto a context of size x size pixels, with a pen `width` (a share of the side) wide. */
export function paintStrokes(context, strokes, size, width, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width * size;
  context.lineCap = context.lineJoin = "round";
  for (const points of strokes) {
    context.beginPath();
    if (points.length === 1) {
      context.arc(points[0].x * size, points[0].y * size, (width * size) / 2, 0, 2 * Math.PI);
      context.fill();
      continue;
    }
    context.moveTo(points[0].x * size, points[0].y * size);
    for (let i = 1; i < points.length - 1; i++) { // smooth curves through the middles of what few points there are
      const [here, next] = [points[i], points[i + 1]];
      context.quadraticCurveTo(here.x * size, here.y * size, ((here.x + next.x) / 2) * size, ((here.y + next.y) / 2) * size);
    }
    context.lineTo(points.at(-1).x * size, points.at(-1).y * size);
    context.stroke();
  }
}

/** The ink as bytes, 0 to 255, row by row, size x size. */
export function inkOf(strokes, size, width) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  paintStrokes(context, strokes, size, width, "#fff");
  const { data } = context.getImageData(0, 0, size, size);
  return Uint8Array.from({ length: size * size }, (_, i) => data[4 * i + 3]);
}

/** Bytes in base64. */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
