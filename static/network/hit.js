// What lies under the pointer: the nearest mark of a scene.

import { along } from "../draw/layout.js";

const REACH = 9;
const RING = 8; // beyond a neuron's circle, where its delta is drawn

function inPicture(mark, x, y) {
  if (x < mark.x || y < mark.y || x >= mark.x + mark.side || y >= mark.y + mark.side) return null;
  const cell = Math.floor(((y - mark.y) / mark.side) * 28) * 28 + Math.floor(((x - mark.x) / mark.side) * 28);
  return { kind: "pixel", tensor: mark.tensor, index: [mark.row, cell], x, y };
}

function toCurve(path, x, y) {
  let best = Infinity;
  for (let i = 0; i <= 24; i++) {
    const point = along(path, i / 24);
    best = Math.min(best, Math.hypot(point.x - x, point.y - y));
  }
  return best;
}

/** The mark at a point of the stage, or null: {kind, tensor, index, x, y} with the point to show it at. */
export function hit(scene, x, y) {
  const neuron = scene.neurons.find((mark) => Math.hypot(mark.x - x, mark.y - y) <= mark.radius + 2);
  if (neuron) return neuron;
  const picture = scene.pictures.map((mark) => inPicture(mark, x, y)).find(Boolean);
  if (picture) return picture;
  const arrow = scene.nudges.find((mark) => Math.abs(mark.x - x) < 8 && Math.abs(mark.y - y) < mark.size / 2 + 4);
  if (arrow) return arrow;
  const ring = scene.halos.find((mark) => Math.hypot(mark.x - x, mark.y - y) <= mark.radius + RING);
  if (ring) return scene.neurons.find((mark) => mark.layer === ring.layer && mark.unit === ring.index[1]);
  const normScale = scene.normScales.find((mark) => Math.abs(mark.x - x) < 5 && Math.abs(mark.y - y) < mark.reach);
  if (normScale) return normScale;
  let [nearest, distance] = [null, REACH];
  for (const line of scene.lines) {
    if (x < line.path[0] - REACH || x > line.path[2] + REACH) continue;
    const away = toCurve(line.path, x, y);
    if (away < distance) [nearest, distance] = [line, away];
  }
  return nearest && { ...nearest, x, y };
}
