// The scene: all the marks of one moment of a network, a pure function of the moment and the layout.

import { arrowScale, rulerOf } from "../draw/arrow_scale.js";
import { normScales, masks, skips } from "../draw/extras.js";
import { lines, lineMark } from "../draw/lines.js";
import { biases, halos, neurons, targets } from "../draw/neurons.js";
import { nudges } from "../draw/nudges.js";
import { expand, pictures } from "../draw/pictures.js";
import { plainMark } from "../draw/marks.js";
import { roundScale } from "../base/numbers.js";

/** The scales that sizes are drawn to, which the legend states: all but that of the arrows by decades a round
 * number that seldom changes. `lengths` is the name of the scale of the arrows. */
function scalesOf(moment, layout, { letter }, lengths) {
  const layers = layout.sizes.map((_, layer) => layer);
  const drawn = layers.slice(layout.picture && layers.length > 2 ? 2 : 1);
  const names = (...kinds) => kinds.flatMap((kind) => drawn.map((layer) => `${kind}${layer}`));
  const largest = moment.largest(names(...["W", "b", "beta", "gamma"].map((kind) => letter + kind)));
  const typical = names(`${letter}W`).map((name) => moment.typical(name));
  return {
    weight: roundScale(moment.largest(names("W", "b", "beta", "gamma"))),
    arrow: arrowScale(lengths, largest, typical),
    delta: roundScale(moment.largest(layers.map((layer) => `delta${layer}`))),
    activation: layers.map((layer) =>
      Math.max(1, layer ? roundScale(moment.largest([`a${layer}`])) : moment.largest(["a0"])),
    ),
    pictureWeight: roundScale(2.5 * moment.typical("W1")),
    pictureGradient: roundScale(4 * moment.typical(`${letter}W1`)),
  };
}

/** The scene of a moment: marks by what they are. `layers` are those of the structure in force. */
export function compose(moment, layout, places, layers, example, colours, arrows, lengths) {
  const scales = scalesOf(moment, layout, arrows, lengths);
  const view = { moment, layout, places, layers, example, colours, arrows, scales };
  const drawn = lines(view);
  const standing = nudges(view, drawn);
  const known = new Set(drawn.map((mark) => `${mark.tensor}:${mark.index}`));
  for (const arrow of standing) {
    // an arrow always stands on a line
    if (arrow.index.length < 2 || known.has(`${arrow.tensor.slice(1)}:${arrow.index}`)) continue;
    const [j, k] = arrow.index;
    drawn.push(lineMark(view, arrow.layer, { j, k, value: moment.value(`W${arrow.layer}`, j, k) }));
  }
  const left = layout.sizes.slice(1).map((units, i) => ({
    layer: i + 1,
    count: units * layout.sizes[i],
    shown: drawn.filter((mark) => mark.layer === i + 1).length,
  }));
  return {
    left: left.filter(({ shown, count }) => shown && shown < count),
    t: moment.t,
    depth: layers.length,
    scales,
    ruler: standing.length ? rulerOf(scales.arrow, layout.arrow) : [],
    lines: drawn,
    arrows,
    nudges: standing,
    neurons: neurons(view),
    halos: halos(view),
    biases: biases(view),
    targets: targets(view),
    pictures: pictures(view),
    skips: skips(view),
    masks: masks(view),
    normScales: normScales(view),
  };
}

/** Every mark of a scene that carries a number, pictures cell by cell. */
export function marksOf(scene, colours) {
  const numbered = [
    ...scene.lines,
    ...scene.biases,
    ...scene.nudges,
    ...scene.halos,
    ...scene.neurons,
    ...scene.targets,
    ...scene.skips,
    ...scene.masks,
    ...scene.normScales,
  ];
  return [
    ...numbered.filter(({ value }) => value !== undefined).map(plainMark),
    ...scene.pictures.flatMap((mark) => expand(mark, colours)),
  ];
}
