// The highlight around what is pointed at or chosen.

import { traceCurve } from "./lines.js";

/** Where a chosen mark is drawn in a scene: a line's path, or a point and how far around it; undefined if it is not. */
export function locate(scene, { kind, tensor, index }) {
  const parameter = tensor.replace(/^d(?=W|b|gamma)/, "");
  const same = (mark) => mark.tensor === parameter && String(mark.index) === String(index);
  if (kind === "activation") {
    const neuron = scene.neurons.find((mark) => mark.tensor === tensor && mark.index[1] === index[1]);
    return neuron && { x: neuron.x, y: neuron.y, reach: neuron.radius + 3 };
  }
  if (index.length === 1) {
    const bias = scene.biases.find(same);
    const gate = scene.gates.find(same);
    return (bias && { ...bias.from, reach: 9 }) ?? (gate && { x: gate.x, y: gate.y, reach: gate.reach + 2 });
  }
  if (kind === "pixel") {
    const picture = scene.pictures.find((mark) => mark.tensor === tensor && (tensor === "a0" || mark.row === index[0]));
    const cell = picture && picture.side / 28;
    return picture && { x: picture.x + ((index[1] % 28) + 0.5) * cell, y: picture.y + (Math.floor(index[1] / 28) + 0.5) * cell, reach: Math.max(3, cell) };
  }
  return scene.lines.find(same);
}

/** Paint the highlight of a mark, if the scene has it. */
export function paintHighlight(context, scene, mark, colour) {
  const found = locate(scene, mark);
  if (!found) return;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  if (found.path) {
    traceCurve(context, found.path);
  } else {
    context.beginPath();
    context.arc(found.x, found.y, found.reach, 0, 2 * Math.PI);
  }
  context.stroke();
}
