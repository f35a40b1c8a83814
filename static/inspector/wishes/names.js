// What the wishes' view calls things: units, the example's target, arrows.

import { PICTURE } from "../../draw/layout.js";
import { nameOf } from "../../base/called.js";
import { alike, signed } from "../../base/numbers.js";
import { say } from "../../base/words.js";

const SIDE = 28;
const FEW = 4; // numbers that a line names one by one

/** A unit in words: an output, an input or pixel, a neuron of a layer, which `short` leaves out. */
export function unitName(words, listing, layer, unit, short = false) {
  const { sizes } = listing;
  const name = nameOf(listing, layer, unit);
  if (name !== null && sizes[layer] > 1) return name;
  if (layer === sizes.length - 1)
    return sizes[layer] === 1 ? say(words, "wishes.output.only") : say(words, "wishes.output", { unit });
  if (layer) return short ? say(words, "wishes.neuron.short", { unit }) : say(words, "wishes.neuron", { unit, layer });
  if (sizes[0] !== PICTURE) return say(words, "wishes.input", { unit });
  return say(words, "wishes.pixel", { row: Math.floor(unit / SIDE), column: unit % SIDE });
}

/** The example and its targets, as far as a line has room; nothing before it is drawn. */
export function targetOf({ words, listing, moment, example }) {
  const { sizes } = listing;
  const row = moment.shownExample(example);
  if (!moment.has("y") || !moment.has("a0")) return "";
  const numbers = (name, units) => Array.from({ length: units }, (_, unit) => moment.value(name, row, unit));
  const y = numbers("y", sizes.at(-1));
  const hot = y.indexOf(1);
  const one = hot >= 0 && y.length > 1 && y.every((value, unit) => value === (unit === hot ? 1 : 0));
  const wanted = one
    ? unitName(words, listing, sizes.length - 1, hot)
    : y.length <= FEW
      ? `(${alike(y).join(", ")})`
      : "";
  const given = sizes[0] <= FEW ? `(${alike(numbers("a0", sizes[0])).join(", ")})` : "";
  return wanted && say(words, given ? "wishes.target.of" : "wishes.target", { given, wanted });
}

/** The class of a nudge, and the nudge with its arrow. */
export const wayOf = (value) => (value > 0 ? "up" : value < 0 ? "down" : "");
export const arrowOf = (value) => (value > 0 ? "↑" : value < 0 ? "↓" : "");
export const nudge = (value) => `${arrowOf(value)} ${signed(value)}`.trim();
