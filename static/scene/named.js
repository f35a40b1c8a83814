// Experiments by name: one that the page offers is written as its name and what differs from it.

import { Refused } from "../ask/connection.js";
import { difference, patched, same } from "./difference.js";

/** The experiments that the page offers, as a list of {kind, name, experiment}: a kind is "preset" or "scenario". */
export const offered = (/** @type {any} */ { presets, scenarios }) => [
  ...Object.entries(presets).map(([name, experiment]) => ({ kind: "preset", name, experiment })),
  ...Object.entries(scenarios).map(([name, { experiment }]) => ({ kind: "scenario", name, experiment })),
];

const lengthOf = (written) => JSON.stringify(written).length;

/**
 * The shortest way to write an experiment: {preset}, {scenario} or neither, and `experiment`, what differs from that one
 * or, without a name, all of it; there is no `experiment` where nothing differs.
 */
export function shortened(experiment, offers) {
  const ways = offers
    .map(({ kind, name, experiment: base }) => [{ [kind]: name }, base, difference(experiment, base)])
    .filter(([, base, patch]) => same(patched(base, patch), experiment)) // a null that means something cannot be patched
    .map(([named, , patch]) => (Object.keys(patch).length ? { ...named, experiment: patch } : named));
  return ways.reduce((best, each) => (lengthOf(each) < lengthOf(best) ? each : best), { experiment });
}

/** The experiment of a short form; null where its name is unknown. */
export function restored({ preset, scenario, experiment }, offers) {
  const [kind, name] = preset === undefined ? ["scenario", scenario] : ["preset", preset];
  if (name === undefined) return experiment;
  const offer = offers.find((each) => each.kind === kind && each.name === name);
  return offer ? patched(offer.experiment, experiment ?? {}) : null;
}

/** Throws a refusal where `unknown` is [the kind, the name] of an experiment that is not on offer. */
export function checkNamed(unknown, offers) {
  if (!unknown) return;
  const [kind, name] = unknown;
  const choices = offers.filter((each) => each.kind === kind).map((each) => each.name);
  throw new Refused({
    refused: `unknown ${kind}: '${name}' (one of: ${choices.join(", ")})`,
    field: kind,
    details: {
      kind: "unknown",
      noun: kind,
      value: `'${name}'`,
      form: "one_of",
      blanks: { choices },
    },
  });
}

const withoutChanges = ({ changes: _changes, ...rest }) => rest;

/**
 * Whether a run of `experiment` began as the one on offer, whatever has been changed since: a change drops those of the
 * offer that come after it.
 */
function beganAs(experiment, { changes = [], ...base }) {
  const made = experiment.changes ?? [];
  const own = made.findIndex((change, i) => !same(change, changes[i] ?? null));
  const kept = changes.slice(0, own < 0 ? made.length : own);
  const dropped = own < 0 ? [] : changes.slice(own).filter(({ t }) => t >= made[own].t);
  return same(withoutChanges(experiment), base) && kept.length + dropped.length === changes.length;
}

/** The names of a run: the {preset} that equals it, the {scenario} that it began as; null for none. */
export function nameOf(experiment, offers) {
  const of = (kind, fits) => offers.find((each) => each.kind === kind && fits(each.experiment))?.name ?? null;
  return {
    preset: of("preset", (base) => same(experiment, base)),
    scenario: of("scenario", (base) => beganAs(experiment, base)),
  };
}
