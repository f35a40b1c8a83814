// The scale of the losses on a surface: how high and in which tone each is shown, and which have a contour.

import { brief, scale as scaleText } from "../base/numbers.js";
import { ticks } from "../base/ticks.js";

const LOGARITHMIC = 30; // where the largest loss is so many times the least, equal steps are equal ratios
const [MOST, FEW] = [12, 4]; // contours
const MULTIPLES = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/**
 * @typedef {object} Scale
 * @property {boolean} logarithmic
 * @property {number} low
 * @property {number} high
 * @property {number[]} levels of the contours
 * @property {(level: number) => string} text of a contour's loss
 * @property {(loss: number) => number} share 0 for the least loss and 1 for the largest; more beyond
 * @property {(share: number) => number} loss the loss of a share
 */

/** The numbers from low to high that are a multiple of a power of ten. */
function powers(low, high, multiples) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const multiple of multiples) found.push(Number(`${multiple}e${power}`));
  }
  return found.filter((number) => number > low && number < high);
}

/**
 * The scale of some losses; null where none is finite.
 *
 * @param {Iterable<number>} losses
 * @returns {Scale | null}
 */
export function scaleOf(losses) {
  let [low, high] = [Infinity, -Infinity];
  for (const loss of losses) if (Number.isFinite(loss)) [low, high] = [Math.min(low, loss), Math.max(high, loss)];
  if (low > high) return null;
  if (low === high) high = low + (Math.abs(low) || 1);
  const logarithmic = low > 0 && high / low >= LOGARITHMIC;
  const [of, back] = logarithmic ? [Math.log, Math.exp] : [(x) => x, (x) => x];
  const [from, to] = [of(low), of(high)];
  const share = (/** @type {number} */ loss) => (of(loss) - from) / (to - from);
  const round = ticks(low, high, MOST).filter(([number]) => number > low && number < high);
  const texts = new Map(round);
  let levels = [...texts.keys()];
  if (logarithmic) {
    const choices = MULTIPLES.map((multiples) => powers(low, high, multiples));
    levels =
      choices.find(({ length }) => length <= MOST) ??
      choices.at(-1).filter((_, i, { length }) => i % Math.ceil(length / MOST) === 0);
    if (levels.length < FEW) levels = choices[0];
  }
  const text = (/** @type {number} */ level) => (logarithmic ? scaleText(level) : (texts.get(level) ?? brief(level)));
  return { logarithmic, low, high, levels, text, share, loss: (part) => back(from + part * (to - from)) };
}
