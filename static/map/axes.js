// The axes of a map: their names, where values lie on them, their ticks, and an experiment with a value of theirs.

import { scale } from "../base/numbers.js";
import { ticks } from "../base/ticks.js";
import { say } from "../base/words.js";

/**
 * A setting that an axis can be, as the server offers it.
 *
 * @typedef {object} Axis
 * @property {string} field its place in the experiment's plain form, with dots
 * @property {number} low
 * @property {number} high
 * @property {number} least
 * @property {number} most
 * @property {boolean} logarithmic
 * @property {number | null} value that the run has
 */

const FEW = 3; // powers of ten, with which multiples of them are ticks too
const MOST = 7; // ticks

/** The name of a setting. @type {(words: import("../base/words.js").Words, field: string) => string} */
export function nameOf(words, field) {
  const name = field.split(".").at(-1);
  return say(words, `setting.${name}` in words ? `setting.${name}` : name);
}

/**
 * Where a value lies between the ends of an axis: 0 to 1, and beyond.
 *
 * @param {{low: number, high: number, logarithmic: boolean}} axis
 * @param {number} value
 */
export function shareOf({ low, high, logarithmic }, value) {
  const of = logarithmic ? Math.log : Number;
  return (of(value) - of(low)) / (of(high) - of(low));
}

/** The powers of ten from low to high, with these multiples. */
function powers(low, high, multiples) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1)
    for (const multiple of multiples) found.push(Number(`${multiple}e${power}`));
  return found.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/**
 * The ticks of an axis, [value, text].
 *
 * @param {{low: number, high: number, logarithmic: boolean}} axis
 * @returns {[number, string][]}
 */
export function ticksOf({ low, high, logarithmic }) {
  if (!logarithmic) return ticks(low, high, 5);
  const tens = powers(low, high, [1]);
  const values = tens.length < FEW ? powers(low, high, [1, 2, 5]) : tens;
  const every = Math.ceil(values.length / MOST);
  return values.filter((_, i) => i % every === 0).map((value) => [value, scale(value)]);
}

/**
 * The experiment with a value of a setting.
 *
 * @param {any} experiment
 * @param {string} field
 * @param {number} value
 */
export function withValue(experiment, field, value) {
  const [name, ...inner] = field.split(".");
  return {
    ...experiment,
    [name]: inner.length ? withValue(experiment[name] ?? {}, inner.join("."), value) : value,
  };
}
