// What two experiments share, and how a run of the one becomes a run of the other.

import { same } from "../scene/difference.js";

/** @typedef {{t: number, [field: string]: any}} Change */
/** @typedef {{changes?: Change[], [field: string]: any}} Experiment */

/** @type {(experiment: Experiment) => Experiment} */
const structure = ({ changes: _changes, ...rest }) => rest;

/**
 * Up to which moment runs of two experiments are the same by what the experiments say: 0 where they begin otherwise,
 * Infinity where the experiments are the same.
 *
 * @param {Experiment} one
 * @param {Experiment} other
 */
export function sharedUpTo(one, other) {
  if (!same(structure(one), structure(other))) return 0;
  const [a, b] = [one.changes ?? [], other.changes ?? []];
  const first = a.findIndex((change, i) => !same(change, b[i] ?? null));
  const at = first < 0 ? a.length : first;
  return Math.min(a[at]?.t ?? Infinity, b[at]?.t ?? Infinity);
}

/**
 * How a run of `experiment` comes of a run of `base` that has been up to t: {t, changes}, a fork at a moment and what is to
 * be changed then; null where they do not begin the same.
 *
 * @param {Experiment} base
 * @param {Experiment} experiment
 * @param {number} t
 */
export function wayFrom(base, experiment, t) {
  if (!same(structure(base), structure(experiment))) return null;
  const [before, wanted] = [base.changes ?? [], experiment.changes ?? []];
  const first = before.findIndex((change, i) => !same(change, wanted[i] ?? null));
  const at = first < 0 ? t : Math.min(t, before[first].t - 1);
  const kept = before.filter((change) => change.t <= at);
  if (at < 0 || !kept.every((change, i) => same(change, wanted[i] ?? null))) return null;
  return { t: at, changes: wanted.slice(kept.length) };
}
