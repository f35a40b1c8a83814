// Wishes as arrows beside their neurons, on their way to the one column that they add up to.

import { ease } from "../base/motion.js";
import { paintArrow } from "./nudges.js";

/** @import { Context, Look, NudgeMark } from "./types.js" */

const [PALE, FULL] = [0.45, 1]; // how strong the arrows are once they are added up, and before

/**
 * @param {Context} context
 * @param {(NudgeMark & {sum: number})[]} marks
 * @param {Pick<Look, "colours" | "font" | "scale">} look
 * @param {number} share of the way
 */
export function paintWishes(context, marks, look, share) {
  const part = ease(share);
  for (const mark of marks) {
    const isSum = mark.x === mark.sum;
    context.globalAlpha = isSum ? part : FULL - (FULL - PALE) * part;
    paintArrow(context, mark, look);
    if (isSum || share >= 1) continue;
    context.globalAlpha = 1 - part;
    paintArrow(context, { ...mark, x: mark.x + (mark.sum - mark.x) * part }, look);
  }
  context.globalAlpha = 1;
}
