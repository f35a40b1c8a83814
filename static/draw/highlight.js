// The highlight around what is pointed at, chosen, or lit by a panel: a cell of a tensor, or a whole tensor.

import { traceCurve } from "./lines.js";

const PARAMETER = /^[dgcmvu]?(W|b|gamma|beta)(\d+)$/;
const OF_UNITS = /^(a|z|slope|da|delta|f|mask|kept|df|zhat|ztilde|dztilde|mean|var|running_mean|running_var)(\d+)$/;

const around = ({ x, y, radius }) => ({ x, y, reach: radius + 3 });

/** Where a cell of a parameter, or of what goes with it, is drawn. */
function ofParameter(scene, tensor, [, kind, layer], index) {
  const name = `${kind}${layer}`;
  const same = (mark) => mark.tensor === name && String(mark.index) === String(index);
  if (kind !== "W") {
    const bias = scene.biases.find(same);
    const gate = scene.gates.find(same);
    return (bias && { ...bias.from, reach: 9 }) ?? (gate && { x: gate.x, y: gate.y, reach: gate.reach + 2 });
  }
  const picture = scene.pictures.find((mark) => mark.row === index[0] && mark.tensor.endsWith(name) && (mark.tensor === name) === (tensor === name));
  return picture ? inPicture(picture, index[1]) : scene.lines.find(same);
}

function inPicture({ x, y, side }, cell) {
  const size = side / 28;
  return { x: x + ((cell % 28) + 0.5) * size, y: y + (Math.floor(cell / 28) + 0.5) * size, reach: Math.max(3, size) };
}

/** Where a cell is drawn in a scene: a line's path, or a point and how far around it; undefined if it is not. */
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

/** Where all the drawn cells of a tensor are. */
function locateAll(scene, tensor) {
  const parameter = tensor.match(PARAMETER);
  if (parameter) {
    const name = `${parameter[1]}${parameter[2]}`;
    const marks = [...scene.lines, ...scene.biases, ...scene.gates].filter((mark) => mark.tensor === name);
    return marks.map((mark) => (mark.path ? mark : locate(scene, mark))).filter(Boolean);
  }
  const layer = tensor === "x" ? 0 : tensor === "y" ? scene.depth : Number(tensor.match(OF_UNITS)?.[2]);
  return scene.neurons.filter((mark) => mark.layer === layer).map(around);
}

/** Paint the highlight of a cell, {tensor, index}, or of a whole tensor, {tensor}, as far as the scene has it. */
export function paintHighlight(context, scene, { tensor, index }, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const found of index ? [locate(scene, { tensor, index })].filter(Boolean) : locateAll(scene, tensor)) {
    if (found.path) {
      traceCurve(context, found.path);
    } else {
      context.beginPath();
      context.arc(found.x, found.y, found.reach, 0, 2 * Math.PI);
    }
    context.stroke();
  }
}
