// The curve of an activation over z: the function, its derivative, and where the values of a moment stand on it.

import { draw } from "../base/dom.js";
import { say } from "../base/words.js";

/**
 * Activations `a` over `z`, and the derivative along them, `slopes`. A neuron stands `at` a z, with its activation
 * `value` and the `slope` of the tangent there. `rug` has values of z, a tick each; of those `beyond` the curve there are so
 * many below and above, which the ends of the axis show.
 *
 * @typedef {{z: number[], a: number[], slopes?: number[], at?: number, value?: number, slope?: number, rug?: number[],
 *   beyond?: [below: number, above: number]}} Curve
 */

/**
 * The activation that the server has sampled evenly from low to high.
 *
 * @typedef {{low: number, high: number, a: number[], slope: number[]}} Samples
 */

const LEAST = 4; // a curve reaches at least so far on both sides, and as far as it has been sampled where values do
const TANGENT = 0.16; // of the width, on both sides
const TICK = 5;
const HEAD = 6; // pixels of an arrow head at an end of the axis

/**
 * The part of a sampled activation that values of z lie on, with these as its rug; values beyond what has been sampled
 * are counted.
 *
 * @param {Samples} samples
 * @param {Iterable<number>} values
 * @returns {Curve & {slopes: number[], rug: number[], beyond: [number, number]}}
 */
export function curveUnder({ low, high, a, slope }, values) {
  const { rug, beyond } = rugOf(values, low, high);
  const most = beyond[0] || beyond[1] ? high : LEAST;
  const reach = rug.reduce((far, value) => Math.max(far, Math.abs(value)), most);
  const z = a.map((_, i) => low + (i * (high - low)) / (a.length - 1));
  const first = z.findLastIndex((value) => value <= -reach);
  const end = z.findIndex((value) => value >= reach) + 1;
  return { z: z.slice(first, end), a: a.slice(first, end), slopes: slope.slice(first, end), rug, beyond };
}

/**
 * The values of z from low to high, and how many of the others lie below and above.
 *
 * @param {Iterable<number>} values
 * @param {number} low
 * @param {number} high
 */
export function rugOf(values, low, high) {
  const all = [...values];
  const count = (/** @type {(value: number) => boolean} */ lies) => all.filter(lies).length;
  /** @type {[number, number]} */
  const beyond = [count((value) => value < low), count((value) => value > high)];
  return { rug: all.filter((value) => value >= low && value <= high), beyond };
}

/**
 * The outline of arrow heads at the ends of an axis, where values lie beyond them.
 *
 * @param {[number, number]} beyond
 * @param {[number, number]} ends
 * @param {number} y
 */
export function headsOf([below, above], [left, right], y) {
  const head = (/** @type {number} */ x, /** @type {number} */ back) => `M${x} ${y}l${back} ${-HEAD / 2}v${HEAD}z`;
  return (below ? head(left, HEAD) : "") + (above ? head(right, -HEAD) : "");
}

/**
 * The name of the tensor whose values a layer's activation is given.
 *
 * @param {import("../base/types.js").Moment} moment
 * @param {number} layer
 */
export const givenTo = (moment, layer) => (moment.has(`ztilde${layer}`) ? `ztilde${layer}` : `z${layer}`);

/**
 * How many values are beyond the ends of an axis, in numbers over its arrow heads.
 *
 * @param {[number, number]} beyond
 * @param {[number, number]} ends
 * @param {number} y
 */
export const countsOf = ([below, above], [left, right], y) => [
  ...(below ? [draw("text", { class: "count", x: left, y: y - HEAD / 2 - 1 }, String(below))] : []),
  ...(above
    ? [draw("text", { class: "count", x: right, y: y - HEAD / 2 - 1, "text-anchor": "end" }, String(above))]
    : []),
];

/**
 * What a curve under some values of z is called.
 *
 * @param {import("../base/words.js").Words} words
 * @param {string} activation its name in words
 * @param {{beyond: [number, number]}} curve
 */
export function curveLabel(words, activation, { beyond: [below, above] }) {
  const said = say(words, "curve", { activation });
  const why = below + above ? say(words, "curve.beyond", { count: below + above }) : "";
  return why ? say(words, "explained", { said, why }) : said;
}

/**
 * The drawing of a curve, with a name for those who do not see it; with `letters` its axes have their names, and z its ends.
 *
 * @param {Curve} curve
 * @param {{width: number, height: number, margin: number, label: string, letters?: string[]}} look
 */
export function curveDrawing(
  { z, a, slopes = [], at, value, slope, rug = [], beyond = [0, 0] },
  { width, height, margin, label, letters },
) {
  const stands = at !== undefined && value !== undefined;
  const heights = [...a, ...slopes, ...(stands ? [value] : []), 0];
  const low = Math.min(...heights);
  const high = Math.max(...heights, low + 1e-6);
  const [from, to] = [Math.min(z[0], at ?? z[0]), Math.max(z.at(-1), at ?? z[0])];
  const x = (/** @type {number} */ number) => margin + ((number - from) / (to - from)) * (width - 2 * margin);
  const y = (/** @type {number} */ number) => height - margin - ((number - low) / (high - low)) * (height - 2 * margin);
  const line = (/** @type {number[]} */ values) =>
    values.map((each, i) => `${i ? "L" : "M"}${x(z[i]).toFixed(1)} ${y(each).toFixed(1)}`).join("");
  const places = new Set(rug.map((each) => x(each).toFixed(1))); // of thousands of values many stand at the same
  const ticks = Array.from(places, (place) => `M${place} ${y(0).toFixed(1)}v${TICK}`).join("");
  const reach = (to - from) * TANGENT;
  const made = draw(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    draw("path", { class: "axis", d: `M${margin} ${y(0)}H${width - margin}M${x(0)} ${margin}V${height - margin}` }),
  );
  if (ticks) made.append(draw("path", { class: "rug", d: ticks }));
  const heads = headsOf(beyond, [margin, width - margin], y(0));
  if (heads) made.append(draw("path", { class: "rug heads", d: heads }), ...countsOf(beyond, [1, width - 1], y(0)));
  if (slopes.length) made.append(draw("path", { class: "slope", d: line(slopes) }));
  if (stands) made.append(draw("path", { class: "drop", d: `M${x(at)} ${y(0)}V${y(value)}H${x(0)}` }));
  made.append(draw("path", { class: "line", d: line(a) }));
  if (stands && slope !== undefined) {
    const ends = [at - reach, at + reach].map((each) => [x(each), y(value + slope * (each - at))]);
    made.append(draw("path", { class: "tangent", d: `M${ends[0]}L${ends[1]}` }));
  }
  if (stands) made.append(draw("circle", { cx: x(at), cy: y(value), r: 4 }));
  if (!letters) return made;
  const text = (
    /** @type {number} */ left,
    /** @type {number} */ top,
    /** @type {string} */ anchor,
    /** @type {string} */ content,
  ) => draw("text", { x: left, y: top, "text-anchor": anchor }, content);
  made.append(
    text(width - margin + 4, y(0) + 4, "start", "z"),
    text(x(0), margin - 8, "middle", "a"),
    text(margin, height - 4, "start", letters[0]),
    text(width - margin, height - 4, "end", letters[1]),
  );
  return made;
}

/**
 * The marks of a curve with its derivative and its rug.
 *
 * @param {string} activation
 * @param {string} tensor whose values the rug has
 * @param {Curve & {slopes: number[], rug: number[], beyond: [number, number]}} curve
 * @param {import("../base/colours.js").Colours} colours
 */
export function curveMarks(activation, tensor, { a, slopes, rug, beyond }, colours) {
  const marks = (
    /** @type {string} */ kind,
    /** @type {string} */ of,
    /** @type {number[]} */ values,
    /** @type {string} */ colour,
  ) => values.map((value, i) => ({ kind, tensor: of, index: [i], value, colour, size: 1 }));
  return [
    ...marks("function", activation, a, colours.text),
    ...marks("derivative", activation, slopes, colours.accuracy),
    ...marks("rug", tensor, rug, colours.muted),
    ...marks("beyond", tensor, beyond, colours.muted),
  ];
}
