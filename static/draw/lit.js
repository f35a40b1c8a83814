// The light around marks of a scene: around circles, along lines, in a frame around all others.

import { traceSkip } from "./extras.js";
import { traceCurve } from "./lines.js";

/** @import { Context } from "./types.js" */

/**
 * Trace the outline of a mark.
 *
 * @param {Context} context
 * @param {any} mark
 */
function trace(context, mark) {
  const { kind, x, y, radius, side, from, size, reach } = mark;
  if (mark.path) return traceCurve(context, mark.path);
  if (kind === "skip") return traceSkip(context, mark);
  context.beginPath();
  if (side) context.rect(x - 2, y - 2, side + 4, side + 4);
  else if (kind === "bias") {
    context.moveTo(from.x, from.y);
    context.lineTo(x, y);
  } else if (radius) context.arc(x, y, radius + 5, 0, 2 * Math.PI);
  else {
    const half = reach ?? size / 2;
    context.roundRect(x - 7, y - half - 3, 14, 2 * half + 6, 4);
  }
}

/**
 * @param {Context} context
 * @param {object[]} marks
 * @param {string} colour
 */
export function paintLit(context, marks, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const mark of marks) {
    trace(context, mark);
    context.stroke();
  }
}
