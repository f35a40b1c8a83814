// The scene: all the marks of one moment of a network, a pure function of the moment and the layout.

import { arrowScale, rulerOf } from "../draw/arrow_scale.js";
import { normScales, masks, skips } from "../draw/extras.js";
import { lines, lineMark } from "../draw/lines.js";
import { biases, halos, neurons, targets } from "../draw/neurons.js";
import { nudges } from "../draw/nudges.js";
import { expand, pictures } from "../draw/pictures.js";
import { plainMark } from "../draw/marks.js";
import { roundScale } from "../base/numbers.js";

const PARAMETERS = ["W", "b", "beta", "gamma"];

/** The tensors of these kinds that are drawn as lines and arrows: of a picture's first layer there are none. */
function drawnOf({ sizes, picture }, kinds) {
  const layers = sizes.map((_, layer) => layer).slice(picture && sizes.length > 2 ? 2 : 1);
  return kinds.flatMap((kind) => layers.map((layer) => `${kind}${layer}`));
}

/**
 * The scales that sizes are drawn to, which the legend states: all but that of the arrows by decades a round number that
 * seldom changes. They are of one network, or of several that are drawn to the same, as a list of {moment, layout}.
 * `lengths` is the name of the scale of the arrows, and `full` the least activation that has its full colour.
 */
export function scalesOf(networks, { letter }, lengths, full = 1) {
  const most = (namesOf) => Math.max(...networks.map(({ moment, layout }) => moment.largest(namesOf(layout))));
  const typical = (name) => Math.max(...networks.map(({ moment }) => moment.typical(name)));
  const all = networks.flatMap(({ moment, layout }) =>
    drawnOf(layout, [`${letter}W`]).map((name) => moment.typical(name)),
  );
  const depth = Math.max(...networks.map(({ layout }) => layout.sizes.length));
  const layers = Array.from({ length: depth }, (_, layer) => layer);
  const activation = (layer) => most(() => [`a${layer}`]);
  const arrows = PARAMETERS.map((kind) => letter + kind);
  return {
    weight: roundScale(most((layout) => drawnOf(layout, PARAMETERS))),
    arrow: arrowScale(
      lengths,
      most((layout) => drawnOf(layout, arrows)),
      all,
    ),
    delta: roundScale(most(() => layers.map((layer) => `delta${layer}`))),
    activation: layers.map((layer) => Math.max(full, layer ? roundScale(activation(layer)) : activation(0) || 1)),
    pictureWeight: roundScale(2.5 * typical("W1")),
    pictureGradient: roundScale(4 * typical(`${letter}W1`)),
  };
}

/**
 * The scene of a moment: marks by what they are, to `scales`. `layers` are those of the structure in force.
 */
export function compose(moment, layout, places, layers, example, colours, arrows, scales) {
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
