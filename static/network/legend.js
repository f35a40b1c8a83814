// The legend of the stage: what its symbols mean and to which scales they are drawn, in words.

import { quantityOf, sentence } from "./arrows.js";
import { scale } from "../base/numbers.js";
import { say } from "../base/words.js";

/** The legend's sentences by name for a scene; "" for what the scene has not. `pictured` where the input is a picture. */
export function legendOf(words, scene, pictured) {
  const { scales, arrows } = scene;
  const quantity = quantityOf(arrows);
  const rising = arrows.name === "gradient";
  const pictures = { quantity, weight: scale(scales.pictureWeight), gradient: scale(scales.pictureGradient) };
  return {
    up: `↑ ${say(words, rising ? "legend.rises" : "legend.up")}`,
    down: `↓ ${say(words, rising ? "legend.falls" : "legend.down")}`,
    gradient: say(words, "legend.gradient", { quantity, scale: scale(scales.gradient) }),
    weight: say(words, "legend.weight", { scale: scale(scales.weight) }),
    picture: pictured ? say(words, "legend.picture", pictures) : "",
    dropout: scene.masks.length ? say(words, "legend.dropout") : "",
    skip: scene.skips.length ? say(words, "legend.skip") : "",
  };
}

/** The sentence for the arrow of a parameter, {name, index}, or without one for all arrows. */
export function sayingOf(words, scene, moment, parameter) {
  const { arrows, nudges, pictures } = scene;
  const value = parameter && moment.value(arrows.letter + parameter.name, ...parameter.index);
  if (parameter && (value !== undefined || !moment.has(arrows.letter + parameter.name)))
    return sentence(words, arrows, parameter.name, value);
  const shown = nudges.length || pictures.some(({ kind }) => kind === "nudge");
  return shown ? say(words, `arrows.${arrows.name}.says`) : sentence(words, arrows, "W");
}
