// The drawing of several activations and of their derivatives, one above the other over the same z, with a rug between.

import { draw } from "../../base/dom.js";
import { ticks } from "../../base/ticks.js";
import { countsOf, headsOf } from "../../draw/curve.js";

/** @import { Samples } from "../../draw/curve.js" */

/** How lines are told apart, with colour and without: by their places. */
export const STYLES = [
  { colour: "text", dash: "" },
  { colour: "now", dash: "8 3" },
  { colour: "accuracy", dash: "2 3" },
  { colour: "first", dash: "10 3 2 3" },
  { colour: "second", dash: "5 5" },
  { colour: "muted", dash: "1 4" },
];
const [WIDTH, LEFT, RIGHT] = [320, 30, 8];
const PLOTS = { a: { top: 14, height: 150 }, slope: { top: 222, height: 104 } }; // of f and f′
const RUG = 184; // where the axis of z stands, between both
const HEIGHT = 330;
const BOUNDS = { a: [-2, 4], slope: [-1, 2] }; // a line that goes further leaves the plot

/** A line of a style, as it stands in a legend. */
export const sampleOf = ({ colour, dash }) =>
  draw(
    "svg",
    { class: "swatch", viewBox: "0 0 30 8", "aria-hidden": "true" },
    draw("path", { d: "M1 4H29", "stroke-dasharray": dash, style: `stroke: var(--${colour})` }),
  );

/** The range of a plot: of all values, with 0 and 1, but within its bounds. */
function rangeOf(all, [least, most]) {
  const [low, high] = [Math.min(0, ...all), Math.max(1, ...all)];
  return [Math.max(least, low), Math.min(most, high)];
}

/**
 * Where a z stands, as a share of the width, and the z at a share.
 *
 * @param {Pick<Samples, "low" | "high">} samples
 */
export function axisOf({ low, high }) {
  const inner = WIDTH - LEFT - RIGHT;
  return {
    x: (z) => LEFT + ((z - low) / (high - low)) * inner,
    z: (share) => low + ((share * WIDTH - LEFT) / inner) * (high - low),
  };
}

/** One of the two plots: its frame with numbers, and the lines of `curves`, {samples, style}. */
function plotOf(kind, title, curves, x) {
  const { top, height } = PLOTS[kind];
  const [low, high] = rangeOf(
    curves.flatMap(({ samples }) => samples[kind]),
    BOUNDS[kind],
  );
  const y = (value) => height - ((value - low) / (high - low)) * height;
  const inside = draw("svg", { x: 0, y: top, width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` });
  const numbers = ticks(low, high, 3).map(([value, told]) => {
    inside.append(draw("path", { class: "axis", d: `M${LEFT} ${y(value)}H${WIDTH - RIGHT}` }));
    return draw("text", { x: LEFT - 5, y: top + y(value) + 3.5, "text-anchor": "end" }, told);
  });
  inside.append(draw("path", { class: "axis", d: `M${x(0)} 0V${height}` }));
  for (const { samples, style } of curves) {
    const step = (samples.high - samples.low) / (samples.a.length - 1);
    const points = samples[kind].map((value, i) => `${x(samples.low + i * step).toFixed(1)} ${y(value).toFixed(1)}`);
    const look = { "stroke-dasharray": style.dash, style: `stroke: var(--${style.colour})` };
    inside.append(draw("path", { class: "line", d: `M${points.join("L")}`, ...look }));
  }
  return [...numbers, draw("text", { x: WIDTH - RIGHT, y: top - 4, "text-anchor": "end" }, title), inside];
}

/**
 * The drawing of `curves`, {samples, style}, over their z, with values of z as a rug and how many are beyond, and a line `at`
 * one z.
 *
 * @param {{samples: Samples, style: {colour: string, dash: string}}[]} curves
 * @param {{rug: number[], beyond: [number, number]}} given
 * @param {{label: string, at: number, range: Pick<Samples, "low" | "high">}} look
 */
export function plotsOf(curves, { rug, beyond }, { label, at, range }) {
  const { x } = axisOf(range);
  const places = new Set(rug.map((value) => x(value).toFixed(1)));
  const made = draw("svg", {
    class: "comparison",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": label,
  });
  made.append(
    ...plotOf("a", "f(z)", curves, x),
    ...plotOf("slope", "f′(z)", curves, x),
    draw("path", { class: "axis", d: `M${LEFT} ${RUG}H${WIDTH - RIGHT}` }),
    draw("path", { class: "rug", d: Array.from(places, (place) => `M${place} ${RUG - 5}v10`).join("") }),
    draw("path", { class: "rug heads", d: headsOf(beyond, [LEFT, WIDTH - RIGHT], RUG) }),
    ...countsOf(beyond, [LEFT, WIDTH - RIGHT], RUG),
    ...ticks(range.low, range.high, 4).map(([value, told]) =>
      draw("text", { x: x(value), y: RUG + 16, "text-anchor": "middle" }, told),
    ),
    draw("text", { x: LEFT - 5, y: RUG + 3.5, "text-anchor": "end" }, "z"),
    draw("path", { class: "at", d: `M${x(at)} ${PLOTS.a.top}V${HEIGHT - 4}` }),
  );
  return made;
}
