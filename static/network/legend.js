// The legend of the stage: what its signs mean, to which scales they are drawn, and which marks each is of.

import { quantityOf, sentence } from "./arrows.js";
import { scale } from "../base/numbers.js";
import { say } from "../base/words.js";

/** A number in two digits, as a scale is written. */
export const twoDigits = (value) => scale(Number(value.toPrecision(2)));

/** The signs, in the order of the legend, each with the marks that it is of: of a scene, `lights` with the tensors computed last, and `wishes`. */
export const SIGNS = {
  up: ({ nudges }) => nudges.filter(({ shown }) => shown > 0),
  down: ({ nudges }) => nudges.filter(({ shown }) => shown < 0),
  gradient: ({ nudges }) => nudges,
  hollow: ({ nudges }) => nudges.filter(({ hollow }) => hollow),
  weight: ({ lines, biases }) => [...lines, ...biases],
  dashed: ({ lines, biases }) => [...lines, ...biases].filter(({ dashed }) => dashed),
  unknown: ({ neurons }) => neurons.filter(({ value }) => value === undefined),
  negative: ({ neurons }) => neurons.filter(({ kind, value }) => kind === "activation" && value < 0),
  delta: ({ halos }) => halos,
  now: ({ neurons }, lights) => neurons.filter(({ tensor }) => lights.has(tensor)),
  dropout: ({ masks }) => masks.filter(({ value }) => value === 0),
  skip: ({ skips }) => skips,
  bar: ({ normScales }) => normScales,
  picture: ({ pictures }) => pictures,
  wish: (_scene, _lights, wishes = []) => wishes,
};

/** Whether anything of what the arrows show has been computed. */
const hasArrows = ({ nudges, pictures }) => nudges.length > 0 || pictures.some(({ kind }) => kind === "nudge");

/** The text of each sign for a scene; "" for what the scene's network has not. `pictured` where the input is a picture, `wished`
 * where wishes are shown. */
export function legendOf(words, scene, pictured, wished) {
  const { scales, arrows } = scene;
  const quantity = quantityOf(arrows);
  const rising = arrows.name === "gradient";
  const pictures = { quantity, weight: scale(scales.pictureWeight), gradient: scale(scales.pictureGradient) };
  return {
    up: `↑ ${say(words, rising ? "legend.rises" : "legend.up")}`,
    down: `↓ ${say(words, rising ? "legend.falls" : "legend.down")}`,
    gradient: hasArrows(scene)
      ? say(words, `legend.gradient.${scales.arrow.name}`, { quantity, scale: twoDigits(scales.arrow.full) })
      : say(words, "legend.gradient.none"),
    hollow: scales.arrow.name === "decades" ? `▵ ${say(words, "legend.hollow")}` : "",
    weight: say(words, "legend.weight", { scale: scale(scales.weight) }),
    dashed: `╌ ${say(words, "legend.dashed")}`,
    unknown: `○ ${say(words, "legend.unknown")}`,
    negative: `◌ ${say(words, "legend.negative")}`,
    delta: `◎ ${say(words, arrows.errors < 0 ? "legend.delta" : "legend.delta.gradient")}`,
    now: `◯ ${say(words, "legend.now")}`,
    dropout: scene.masks.length ? say(words, "legend.dropout") : "",
    skip: scene.skips.length ? say(words, "legend.skip") : "",
    bar: scene.normScales.length ? `❙ ${say(words, "legend.bar")}` : "",
    wish: wished ? say(words, "legend.wish") : "",
    picture: pictured ? say(words, "legend.picture", pictures) : "",
  };
}

/** The sentence for the arrow of a parameter, {name, index}, or without one for all arrows. */
export function sayingOf(words, scene, moment, parameter) {
  const { arrows } = scene;
  const value = parameter && moment.value(arrows.letter + parameter.name, ...parameter.index);
  if (parameter && (value !== undefined || !moment.has(arrows.letter + parameter.name)))
    return sentence(words, arrows, parameter.name, value);
  return hasArrows(scene) ? say(words, `arrows.${arrows.name}.says`) : sentence(words, arrows, "W");
}
