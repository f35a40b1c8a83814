// A drawing's own pass as a scene: its activations, and what they add to the answer. A pure function of the reading.

import { centre, curve, PICTURE } from "../draw/layout.js";
import { neurons } from "../draw/neurons.js";
import { expand } from "../draw/pictures.js";
import { plainMark } from "../draw/marks.js";
import { typed } from "../draw/type.js";
import { alike, roundScale } from "../base/numbers.js";

/** @import { PictureMark } from "../draw/types.js" */

const [INTO, LINES] = [6, 44]; // neurons of a hidden layer whose own contributions are drawn, and lines between two layers
const ROOM = 40; // pixels that a digit and its output need beside each other

/** The pass as a moment: its one example. */
function passOf({ tensors }) {
  return { value: (name, _example, unit) => tensors.get(name)?.data[unit] };
}

const largest = (data) =>
  data.reduce((most, value) => (Math.abs(value) > most && Math.abs(value) < Infinity ? Math.abs(value) : most), 0);
const typical = (data) => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);

/** The units that a layer's contributions are of, in the order in which they are sent. */
export const unitsOf = ({ tensors }, sizes, layer) =>
  tensors.get(`units${layer}`)?.data ?? Array.from({ length: sizes[layer] }, (_, unit) => unit);

/** By layer the units that a reading tells of, all of which are drawn, however little room there is; null for the input. */
export const toldOf = (reading, sizes) => sizes.map((_, layer) => (layer ? [...unitsOf(reading, sizes, layer)] : null));

/** What goes into some neurons of a layer, the strongest first: [{j, k, value}]. */
function strongest(reading, sizes, layer, into) {
  const [above, below] = [unitsOf(reading, sizes, layer), unitsOf(reading, sizes, layer - 1)];
  const { data } = reading.tensors.get(`c${layer}`);
  const found = [];
  above.forEach((j, row) => {
    if (into.has(j)) below.forEach((k, column) => found.push({ j, k, value: data[row * below.length + column] }));
  });
  return found
    .filter(({ value }) => value !== 0)
    .toSorted((one, other) => Math.abs(other.value) - Math.abs(one.value))
    .slice(0, LINES);
}

/** The contributions that are drawn, from the largest output down: into it, and into the neurons that add the most. */
function contributions(reading, sizes) {
  const found = [];
  let into = new Set([reading.best]);
  for (let layer = sizes.length - 1; layer > 1; layer--) {
    const own = strongest(reading, sizes, layer, into);
    found.push(...own.map((each) => ({ ...each, layer })));
    const sums = new Map();
    for (const { k, value } of own) sums.set(k, (sums.get(k) ?? 0) + Math.abs(value));
    into = new Set([...sums.keys()].toSorted((one, other) => sums.get(other) - sums.get(one)).slice(0, INTO));
  }
  return found;
}

/**
 * The drawing, and what each of its pixels adds to the neurons of the first layer.
 *
 * @returns {PictureMark[]}
 */
function pictures({ tensors }, sizes, layout, scale) {
  const { x, y, side, small, gradients } = layout.picture;
  const units = unitsOf({ tensors }, sizes, 1);
  const { data } = tensors.get("c1");
  const column = layout.columns[1];
  return [
    { kind: "ink", tensor: "drawing.a0", row: 0, data: tensors.get("a0").data, scale: 1, sign: 1, x, y, side },
    ...Array.from(units, (unit, place) => ({
      kind: /** @type {const} */ ("grey"),
      tensor: "drawing.c1",
      row: unit,
      data: data.subarray(place * PICTURE, (place + 1) * PICTURE),
      scale,
      sign: 1,
      x: gradients,
      y: column.ys.get(unit) - small / 2,
      side: small,
    })),
  ];
}

/** The scene of a reading that has contributions; the layout must have room for just those neurons that it tells of. */
export function composePass(reading, layout, colours) {
  const { sizes } = layout;
  const drawn = contributions(reading, sizes);
  const scales = {
    contribution: roundScale(largest(drawn.map(({ value }) => value))),
    picture: roundScale(4 * typical(reading.tensors.get("c1").data)),
    activation: sizes.map((_, layer) =>
      Math.max(1, layer ? roundScale(largest(reading.tensors.get(`a${layer}`).data)) : 1),
    ),
  };
  const view = { moment: passOf(reading), layout, colours, example: 0, scales };
  const lines = drawn.map(({ layer, j, k, value }) => ({
    kind: "contribution",
    tensor: `drawing.c${layer}`,
    index: [j, k],
    value,
    layer,
    colour: colours.ink,
    dashed: value < 0,
    size: (0.5 + 4 * Math.min(1, Math.abs(value) / scales.contribution)) * layout.scale,
    path: curve(layout, layer, j, k),
    label: null,
  }));
  return {
    t: reading.t,
    depth: sizes.length - 1,
    scales,
    lines: lines.toReversed(),
    left: [],
    neurons: neurons(view).map((mark) => ({ ...mark, tensor: `drawing.${mark.tensor}` })),
    pictures: pictures(reading, sizes, layout, scales.picture),
    nudges: [],
    halos: [],
    biases: [],
    targets: [],
    skips: [],
    masks: [],
    normScales: [],
  };
}

/** Every mark of such a scene, pictures cell by cell. */
export const passMarks = (scene, colours) => [
  ...[...scene.lines, ...scene.neurons].map(plainMark),
  ...scene.pictures.flatMap((mark) => expand(mark, colours)),
];

/** Write each digit beside its output, and how large that is where there is room; the largest stands out. */
export function paintAnswers(context, { neurons: marks, depth }, layout, { colours, font, best }) {
  const { scale } = layout;
  context.textAlign = "left";
  const outputs = marks.filter(({ layer }) => layer === depth);
  const texts = alike(outputs.map(({ value }) => value));
  for (const [i, mark] of outputs.entries()) {
    const { x, y } = centre(layout, depth, mark.unit);
    const chosen = mark.unit === best;
    const from = x + mark.radius + 10 * scale;
    context.fillStyle = chosen ? colours.text : colours.muted;
    context.font = typed({ font, scale }, 14, chosen ? "700" : "400");
    context.fillText(mark.unit, from, y + 5 * scale);
    context.font = typed({ font, scale }, 11, chosen ? "600" : "400");
    if (from + ROOM * scale < layout.width) context.fillText(texts[i], from + 14 * scale, y + 4.5 * scale);
  }
}
