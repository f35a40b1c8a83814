// What a surface says in words and numbers: which plane it is, what it hides, and the reading for scripts.

import { SIDE } from "./ground.js";
import { brief, count } from "../base/numbers.js";
import { segmentAt, stepsAt } from "../base/time.js";
import { percent, say } from "../base/words.js";

/** @import { Measured, Point } from "./measure.js" */

/** The largest distance of a moment's true loss from the surface. @type {(paths: {points: Point[]}[]) => number} */
export const gapOf = (paths) =>
  paths
    .flatMap(({ points }) => points)
    .reduce((most, { loss, below }) => Math.max(most, Number.isFinite(loss - below) ? Math.abs(loss - below) : 0), 0);

/** The coordinates of the lines of the grid, each way. */
export function linesOf({ low, high }) {
  const lines = (/** @type {number} */ axis) =>
    Array.from({ length: SIDE }, (_, i) => low[axis] + (i * (high[axis] - low[axis])) / (SIDE - 1));
  return { along: lines(0), across: lines(1) };
}

const MAIN = "main_directions"; // the plane that the path itself makes

/**
 * The reading of a surface: its axes, the losses of its rows, null where they are not there yet, the paths, the share of
 * their variance in the plane, and the largest gap.
 *
 * @param {Measured} measured
 */
export const readingOf = ({ plane, examples, extent, losses, paths, variance, t }) => ({
  axes: { plane, examples, t, ...linesOf(extent) },
  losses: Array.from({ length: SIDE }, (_, row) =>
    Array.from(losses.subarray(row * SIDE, (row + 1) * SIDE), (loss) => (Number.isNaN(loss) ? null : loss)),
  ),
  paths,
  variance,
  gap: gapOf(paths),
});

/** The names of the two axes. */
export function axesOf(words, plane) {
  if (plane.kind === "weights") return plane.weights;
  if (plane.kind !== "moments") return [1, 2].map((number) => say(words, `surface.axis.${plane.kind}`, { number }));
  const [, second, third] = plane.moments;
  return [
    say(words, "surface.axis.towards", { t: count(second) }),
    say(words, "surface.axis.beside", { t: count(third) }),
  ];
}

/**
 * The sentences under a surface, from what it is to what it hides.
 *
 * @param {any} state
 * @param {Measured} measured
 * @returns {string[]}
 */
export function factsOf({ words, listing }, { plane, examples, count: seen, paths, variance, t }) {
  const { layers, ...experiment } = segmentAt(listing, t).experiment;
  const said = [say(words, `surface.loss.${examples}`, { count: count(seen) })];
  if (variance !== null)
    said.push(
      say(words, plane.kind === MAIN ? "surface.variance.main" : "surface.variance", {
        share: percent(words, variance),
      }),
    );
  said.push(say(words, "surface.gap", { gap: brief(gapOf(paths)) }));
  said.push(say(words, "surface.up_to", { steps: count(Math.floor(stepsAt(listing, t))) }));
  if ("regularization" in experiment) said.push(say(words, "surface.no_penalty"));
  if (layers.some((layer) => layer.dropout)) said.push(say(words, "surface.no_dropout"));
  if (layers.some((layer) => layer.batch_norm)) said.push(say(words, "surface.batch_norm"));
  return said;
}

/** The moment of a path that the run stands at: the last one up to t. @type {(points: Point[], t: number) => Point} */
export const standing = (points, t) => points.findLast((each) => each.t <= t) ?? points[0];

/**
 * What is said of a place with these coordinates and the loss of the ground there; or of a `point` of a path, `near` the
 * pointer or where the run stands.
 */
export function saidOf({ words, listing }, { point, near, coordinates, loss }) {
  const at = say(words, "surface.coordinates", { along: brief(coordinates[0]), across: brief(coordinates[1]) });
  if (!point) return say(words, "surface.at", { at, loss: brief(loss) });
  const blanks = {
    at,
    loss: brief(point.loss),
    below: brief(point.below),
    gap: brief(Math.abs(point.loss - point.below)),
  };
  const steps = count(Math.floor(stepsAt(listing, point.t)));
  return say(words, near ? "surface.at.moment" : "surface.at.here", { ...blanks, steps, t: count(point.t) });
}
