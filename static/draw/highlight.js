// The highlight around what is pointed at, chosen, or lit by a panel: a cell of a tensor, several, or a whole one.

import { traceCurve } from "./lines.js";

/** @import { Context, Mark, Path, PictureMark, Point, Scene } from "./types.js" */

const PARAMETER = /^(?:mhat|vhat|gtilde|[dgcmvue])?(W|b|gamma|beta)(\d+)$/;
const OF_UNITS = /^(a|z|slope|da|delta|f|mask|kept|df|zhat|ztilde|dztilde|mean|var|running_mean|running_var)(\d+)$/;

/**
 * Where something is drawn: along a path, in a frame, or around a point, so far.
 *
 * @typedef {{path?: Path, frame?: {x: number, y: number, side: number}, x?: number, y?: number, reach?: number}} Found
 */

/** @param {Point & {radius: number}} mark */
const around = ({ x, y, radius }) => ({ x, y, reach: radius + 3 });

/**
 * Where a cell of a parameter, or of what goes with it, is drawn.
 *
 * @param {Scene} scene
 * @param {string} tensor
 * @param {string[]} parameter as matched
 * @param {number[]} index
 * @returns {Found | undefined}
 */
function ofParameter(scene, tensor, [, kind, layer], index) {
  const name = `${kind}${layer}`;
  const same = (/** @type {Mark} */ mark) => mark.tensor === name && String(mark.index) === String(index);
  if (kind !== "W") {
    const bias = scene.biases.find(same);
    const normScale = scene.normScales.find(same);
    return (
      (bias && { ...bias.from, reach: 9 }) ??
      (normScale && { x: normScale.x, y: normScale.y, reach: normScale.reach + 2 })
    );
  }
  const picture = scene.pictures.find((mark) => mark.row === index[0] && stands(mark, tensor, name));
  return picture ? inPicture(picture, index[1]) : (scene.lines.find(same) ?? between(scene, Number(layer), index));
}

/**
 * Whether a picture is where the cells of a tensor are lit: of the weights themselves, or of what goes with them.
 *
 * @param {PictureMark} picture
 * @param {string} tensor
 * @param {string} name
 */
const stands = (picture, tensor, name) =>
  picture.tensor.endsWith(name) && (picture.tensor === name) === (tensor === name);

/**
 * Where the line of a weight would be that is not among the strongest, and so not drawn.
 *
 * @param {Scene} scene
 * @param {number} layer
 * @param {number[]} index
 * @returns {Found | undefined}
 */
function between({ neurons }, layer, [j, k]) {
  const [to, from] = [
    [layer, j],
    [layer - 1, k],
  ].map(([at, unit]) => neurons.find((mark) => mark.layer === at && mark.unit === unit));
  return to && from && { path: [from.x + from.radius, from.y, to.x - to.radius, to.y] };
}

/**
 * @param {{x: number, y: number, side: number}} picture
 * @param {number} cell
 */
function inPicture({ x, y, side }, cell) {
  const size = side / 28;
  return { x: x + ((cell % 28) + 0.5) * size, y: y + (Math.floor(cell / 28) + 0.5) * size, reach: Math.max(3, size) };
}

/**
 * Where a cell is drawn in a scene: a line's path, or a point and how far around it; undefined if it is not.
 *
 * @param {Scene} scene
 * @param {{tensor: string, index: number[]}} cell
 * @returns {Found | undefined}
 */
export function locate(scene, { tensor, index }) {
  const parameter = tensor.match(PARAMETER);
  if (parameter) return ofParameter(scene, tensor, parameter, index);
  const unit = index.at(-1);
  const layer = tensor === "x" ? 0 : tensor === "y" ? scene.depth : Number(tensor.match(OF_UNITS)?.[2]);
  const picture = layer === 0 && scene.pictures.find((mark) => mark.tensor === "a0");
  if (picture) return inPicture(picture, unit);
  const neuron = scene.neurons.find((mark) => mark.layer === layer && mark.unit === unit);
  return neuron && around(neuron);
}

/**
 * Where those drawn cells of a parameter, or of what goes with it, are that have this index; null in it stands for any.
 *
 * @param {Scene} scene
 * @param {string} tensor
 * @param {string[]} parameter as matched
 * @param {(number | null)[]} index
 * @returns {Found[]}
 */
function allOfParameter(scene, tensor, [, kind, layer], index) {
  const [j, k] = index;
  const name = `${kind}${layer}`;
  const agrees = (/** @type {Mark} */ { index: [to, from] }) => (j ?? to) === to && (k ?? from) === from;
  const pictures = scene.pictures.filter((mark) => stands(mark, tensor, name) && (j ?? mark.row) === mark.row);
  if (kind === "W" && pictures.length)
    return pictures.map((picture) => (k === null ? { frame: picture } : inPicture(picture, k)));
  const drawn = [...scene.lines, ...scene.biases, ...scene.normScales];
  const marks = drawn.filter((mark) => mark.tensor === name && agrees(mark));
  return marks.map((mark) => ("path" in mark ? mark : locate(scene, mark))).filter(Boolean);
}

/**
 * Where those drawn cells of a tensor are that have this index, or all of them; null in the index stands for any.
 *
 * @param {Scene} scene
 * @param {{tensor: string, index?: (number | null)[]}} marked
 * @returns {Found[]}
 */
function locateAll(scene, { tensor, index = [null, null] }) {
  if (index.length && !index.includes(null)) return [locate(scene, { tensor, index })].filter(Boolean);
  const parameter = tensor.match(PARAMETER);
  if (parameter) return allOfParameter(scene, tensor, parameter, index);
  const unit = index.at(-1) ?? null;
  if (unit !== null) return [locate(scene, { tensor, index })].filter(Boolean);
  const layer = tensor === "x" ? 0 : tensor === "y" ? scene.depth : Number(tensor.match(OF_UNITS)?.[2]);
  const picture = layer === 0 && scene.pictures.find((mark) => mark.tensor === "a0");
  return picture ? [{ frame: picture }] : scene.neurons.filter((mark) => mark.layer === layer).map(around);
}

/**
 * Paint the highlight of a cell, {tensor, index}, of all that agree with an index, or of a whole tensor, {tensor}.
 *
 * @param {Context} context
 * @param {Scene} scene
 * @param {{tensor: string, index?: (number | null)[]}} mark
 * @param {string} colour
 */
export function paintHighlight(context, scene, mark, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const found of locateAll(scene, mark)) {
    if (found.path) {
      traceCurve(context, found.path);
    } else {
      context.beginPath();
      if (found.frame) context.rect(found.frame.x - 1, found.frame.y - 1, found.frame.side + 2, found.frame.side + 2);
      else context.arc(found.x, found.y, found.reach, 0, 2 * Math.PI);
    }
    context.stroke();
  }
}
