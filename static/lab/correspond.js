// Moments of two runs that belong together: after as many training steps, or after as many examples.

import { beginOf, locate, segmentAt } from "../base/time.js";

/** @import { Listing, MicroStep } from "../base/types.js" */

/** How lanes go along: by training steps, or by the examples that they have seen. */
export const PACES = ["training_steps", "examples"];

/**
 * How many examples a run has seen after so many training steps; the last mini-batch of an epoch may be smaller.
 *
 * @param {Listing} listing
 * @param {number} steps
 */
export function examplesAfter({ experiment, steps_per_epoch: perEpoch, examples }, steps) {
  const whole = Math.floor(steps);
  const part = Math.min((whole % perEpoch) * experiment.mini_batch_size, examples.training);
  const next = Math.min(experiment.mini_batch_size, examples.training - part);
  return Math.floor(whole / perEpoch) * examples.training + part + (steps - whole) * next;
}

/**
 * How many training steps a run has done when it has seen so many examples, those that are under way left out.
 *
 * @param {Listing} listing
 * @param {number} seen
 */
function stepsUpTo({ experiment, steps_per_epoch: perEpoch, examples }, seen) {
  const epochs = Math.floor(seen / examples.training);
  return epochs * perEpoch + Math.floor((seen - epochs * examples.training) / experiment.mini_batch_size);
}

/** @type {(one: MicroStep, other: MicroStep) => boolean} */
const doSame = (one, other) =>
  one.phase === other.phase && one.layer === other.layer && `${one.writes}` === `${other.writes}`;

/**
 * How many micro-steps of `program` belong to the first `done` of another one: up to the one that writes what the last of
 * those writes, or where there is none, the one before it.
 *
 * @param {MicroStep[]} other
 * @param {number} done
 * @param {MicroStep[]} program
 */
function doneIn(other, done, program) {
  if (done === other.length) return program.length;
  for (let last = done - 1; last >= 0; last -= 1) {
    const same = program.findLastIndex((each) => doSame(each, other[last]));
    if (same >= 0) return same + 1;
  }
  return 0;
}

/**
 * The moment of the run `to` that belongs to the moment t of the run `from`.
 *
 * @param {Listing} from
 * @param {number} t
 * @param {Listing} to
 * @param {string} pace one of PACES
 */
export function corresponding(from, t, to, pace) {
  if (t === 0) return 0;
  const { segment, trainingStep, done } = locate(from, t);
  const even =
    from.experiment.mini_batch_size === to.experiment.mini_batch_size &&
    from.examples.training === to.examples.training;
  if (pace === "examples" && !even) {
    const whole = trainingStep + (done === segment.program.length ? 1 : 0);
    return beginOf(to, stepsUpTo(to, examplesAfter(from, whole)));
  }
  const begin = beginOf(to, trainingStep);
  return begin + doneIn(segment.program, done, segmentAt(to, begin).program);
}
