// Type on the stage, which grows with it.

/** @import { Context, Look, Point } from "./types.js" */

/**
 * The font of type of a size, in pixels of the usual size.
 *
 * @param {Pick<Look, "font" | "scale">} look
 * @param {number} size
 * @param {string} [style]
 */
export const typed = ({ font, scale }, size, style = "") => `${style} ${size * scale}px ${font}`.trim();

/**
 * Write a quiet text over lines, on a ground of paper.
 *
 * @param {Context} context
 * @param {string} text
 * @param {Point} point
 * @param {Pick<Look, "colours" | "scale">} look
 */
export function paintOver(context, text, { x, y }, { colours, scale }) {
  const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = context.measureText(text);
  context.fillStyle = colours.paper;
  context.fillRect(x - left - scale, y - 9.5 * scale, left + right + 2 * scale, 12 * scale);
  context.fillStyle = colours.muted;
  context.fillText(text, x, y);
}
