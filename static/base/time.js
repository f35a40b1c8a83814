// Time as the page counts it: t micro-steps, cut into the units of a grain. Segments have programs of different length.

/** @import { Listing, MicroStep, Segment } from "./types.js" */

/**
 * The segment in which the micro-steps after t lie.
 *
 * @param {Pick<Listing, "segments">} listing
 * @param {number} t
 * @returns {Segment}
 */
export function segmentAt({ segments }, t) {
  return segments.findLast((segment) => segment.t <= t) ?? segments[0];
}

/**
 * The training step that is under way at t, or that begins there.
 *
 * @param {Listing} listing
 * @param {number} t
 */
function stepAt(listing, t) {
  const segment = segmentAt(listing, t);
  return segment.training_step + Math.floor((t - segment.t) / segment.program.length);
}

/**
 * The moment at which a training step begins.
 *
 * @param {Pick<Listing, "segments">} listing
 * @param {number} step
 */
export function beginOf({ segments }, step) {
  const segment = segments.findLast((each) => each.training_step <= step) ?? segments[0];
  return segment.t + (step - segment.training_step) * segment.program.length;
}

/**
 * How many training steps lie before t, as a number that also counts parts of one.
 *
 * @param {Pick<Listing, "segments">} listing
 * @param {number} t
 */
export function stepsAt(listing, t) {
  const segment = segmentAt(listing, t);
  return segment.training_step + (t - segment.t) / segment.program.length;
}

/**
 * The end of the unit of the grain that follows t, or of the count-th one.
 *
 * @param {Listing} listing
 * @param {string} grain
 * @param {number} t
 * @param {number} [count]
 * @returns {number}
 */
export function after(listing, grain, t, count = 1) {
  const step = stepAt(listing, t);
  if (grain === "epoch")
    return beginOf(listing, (Math.floor(step / listing.steps_per_epoch) + count) * listing.steps_per_epoch);
  if (grain === "training_step") return beginOf(listing, step + count);
  let [current, left, reached] = [step, count, t];
  for (;;) {
    const begin = beginOf(listing, current);
    const ends = segmentAt(listing, begin)
      .grains[grain].map((end) => begin + end)
      .filter((end) => end > reached);
    if (left <= ends.length) return ends[left - 1];
    left -= ends.length;
    current += 1;
    reached = begin + segmentAt(listing, begin).program.length;
  }
}

/**
 * The end of the unit of the grain that lies before t, or 0.
 *
 * @param {Listing} listing
 * @param {string} grain
 * @param {number} t
 */
export function before(listing, grain, t) {
  if (t <= 0) return 0;
  const step = stepAt(listing, t - 1);
  const begin = beginOf(listing, step);
  if (grain === "epoch") return beginOf(listing, Math.floor(step / listing.steps_per_epoch) * listing.steps_per_epoch);
  if (grain === "training_step") return begin;
  return begin + (segmentAt(listing, begin).grains[grain].findLast((end) => begin + end < t) ?? 0);
}

/**
 * The micro-steps that have been done up to t of the unit that ends or lies there: one where the grain is the equation,
 * else those of one layer; none at t 0.
 *
 * @param {Listing} listing
 * @param {string} grain
 * @param {number} t
 * @returns {MicroStep[]}
 */
export function unitAt(listing, grain, t) {
  if (t <= 0) return [];
  const { segment, begin, done } = locate(listing, t);
  const since = before(listing, grain === "equation" ? "equation" : "layer", t);
  return segment.program.slice(since - begin, done);
}

/**
 * Where t lies: its segment and training step, how much of that is done, and the micro-step done last (none at t 0).
 *
 * @param {Listing} listing
 * @param {number} t
 */
export function locate(listing, t) {
  const last = Math.max(0, t - 1);
  const segment = segmentAt(listing, last);
  const trainingStep = stepAt(listing, last);
  const begin = beginOf(listing, trainingStep);
  return { segment, trainingStep, begin, done: t - begin, last: t ? segment.program[t - begin - 1] : null };
}

const PREDICTS = /^(W|b|gamma|beta|running_mean|running_var)\d+$/; // what answers are made of

/**
 * The latest moment up to t at which something was written that answers are made of: since then they are the same.
 *
 * @param {Listing} listing
 * @param {number} t
 */
export function settledAt(listing, t) {
  const { segment, begin, done } = locate(listing, t);
  const last = segment.program.slice(0, done).findLastIndex(({ writes }) => writes.some((name) => PREDICTS.test(name)));
  const others = [...listing.segments, ...(listing.experiment.changes ?? [])].map((each) => each.t);
  return Math.max(begin + last + 1, ...others.filter((other) => other <= t));
}

/**
 * The changes of structure that were asked for after one moment and up to another.
 *
 * @param {Pick<Listing["experiment"], "changes">} experiment
 * @param {number} since
 * @param {number} upTo
 */
export const structural = ({ changes = [] }, since, upTo) =>
  changes.filter(
    (change) => !("tensor" in change || "learning_rate" in change) && change.t > since && change.t <= upTo,
  );

/**
 * The changes of structure that have been asked for by t and wait there for the next training step.
 *
 * @param {Listing} listing
 * @param {number} t
 */
export const waitingAt = (listing, t) => structural(listing.experiment, segmentAt(listing, t).t, t);
