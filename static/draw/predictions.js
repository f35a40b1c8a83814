// Wrong answers and class means on the plane, and the plot of answers against targets.

import { shareOf } from "./plane.js";

/** @import { Context, Point, Range } from "./types.js" */
/** @import { Colours } from "../base/colours.js" */

const [CROSS, RING, MEAN, REACH] = [4.5, 8, 7.5, 14]; // pixels

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function cross(context, x, y, size) {
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
}

/**
 * Stroke what has just been traced so that it stands out from any ground.
 *
 * @param {Context} context
 * @param {string} colour
 * @param {string} ground
 * @param {number} width
 */
function outlined(context, colour, ground, width) {
  context.strokeStyle = ground;
  context.lineWidth = width + 2.4;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/**
 * @param {Point} point
 * @param {{range: Range, size: number}} view
 * @returns {[x: number, y: number]}
 */
const placeOf = ({ x, y }, { range, size }) => [shareOf(x, range) * size, size * (1 - shareOf(y, range))];

/**
 * The point nearest to a place of the picture, {x, y} in pixels; undefined where none is near.
 *
 * @template {Point} P
 * @param {P[]} points
 * @param {Point} at
 * @param {{range: Range, size: number}} view
 * @returns {P | undefined}
 */
export function nearest(points, { x, y }, view) {
  /** @param {Point} point */
  const away = (point) => {
    const [left, top] = placeOf(point, view);
    return Math.hypot(left - x, top - y);
  };
  const near = points.filter((point) => away(point) < REACH);
  return near.toSorted((a, b) => away(a) - away(b))[0];
}

/**
 * Mark points of the plane, [{x, y, chosen}] in the units of the data: those that are answered wrong, and the chosen one.
 *
 * @param {Context} context
 * @param {(Point & {chosen: boolean})[]} points
 * @param {{range: Range, size: number, colours: Colours}} view
 */
export function paintWrong(context, points, { range, size, colours }) {
  for (const { x, y, chosen } of points) {
    const [left, top] = placeOf({ x, y }, { range, size });
    cross(context, left, top, CROSS);
    outlined(context, colours.text, colours.paper, 1.8);
    if (!chosen) continue;
    context.beginPath();
    context.arc(left, top, RING + 2, 0, 2 * Math.PI);
    outlined(context, colours.now, colours.paper, 2.6);
  }
}

/**
 * The means of the classes as diamonds, [{x, y, colour}].
 *
 * @param {Context} context
 * @param {(Point & {colour: string})[]} means
 * @param {{range: Range, size: number, colours: Colours}} view
 */
export function paintMeans(context, means, { range, size, colours }) {
  for (const { x, y, colour } of means) {
    const [left, top] = placeOf({ x, y }, { range, size });
    context.beginPath();
    for (const [across, down] of [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ])
      context.lineTo(left + across * MEAN, top + down * MEAN);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
    outlined(context, colours.text, colours.paper, 1.4);
  }
}

/**
 * Values against their targets, [{target, answer, chosen}]: what is right lies on the diagonal.
 *
 * @param {Context} context
 * @param {{target: number, answer: number, chosen: boolean}[]} points
 * @param {{range: Range, width: number, height: number, colours: Colours}} view
 */
export function paintFit(context, points, { range, width, height, colours }) {
  /**
   * @param {number} target
   * @param {number} answer
   * @returns {[x: number, y: number]}
   */
  const at = (target, answer) => [shareOf(target, range) * width, height * (1 - shareOf(answer, range))];
  context.clearRect(0, 0, width, height);
  context.beginPath();
  context.moveTo(0, height);
  context.lineTo(width, 0);
  context.strokeStyle = colours.rule;
  context.lineWidth = 1.5;
  context.stroke();
  for (const { target, answer, chosen } of points) {
    const [x, y] = at(target, answer);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...at(target, target));
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.stroke();
    context.beginPath();
    context.arc(x, y, chosen ? 5 : 3, 0, 2 * Math.PI);
    context.fillStyle = colours.second;
    context.fill();
    context.strokeStyle = colours.paper;
    context.stroke();
    if (!chosen) continue;
    context.beginPath();
    context.arc(x, y, RING + 1, 0, 2 * Math.PI);
    outlined(context, colours.now, colours.paper, 2.2);
  }
}
