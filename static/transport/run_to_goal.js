// The goal of "Run to": its moment and its conditions, or the field of the form that is wrong.

import { after, beginOf } from "../base/time.js";

/** @import { Until } from "../ask/messages.d.ts" */
/** @import { Listing } from "../base/types.js" */

/** What a run may go on to, each with the number that is offered first. */
export const KINDS = { epoch: "100", training_step: "1000", loss: "0.1", accuracy: "95" };
/** The examples that a loss or an accuracy may be of. */
export const SETS = ["training", "held_out", "mini_batch"];
/** The training steps after which a run gives up that has not come there. */
export const WITHIN = "20000";

const [MOST, LARGEST] = [1e9, 1e300];

/**
 * @typedef {{what: string, value: string, of: string, within: string}} Asked a form's values as they are typed
 * @typedef {{what: string, value: number, of: string, within: number}} Told the same in numbers
 * @typedef {{wrong: {field: "value" | "within", must: string} | null, t: number, until: Until[], told: Told}} Goal
 */

/** Whether a goal is a moment itself, not a number to be met. @param {string} what */
const isPlace = (what) => what === "epoch" || what === "training_step";

/** A number as it is typed; NaN where it is none. @param {string} text */
const numberOf = (text) => (text.trim() === "" ? NaN : Number(text));

/** @param {number} value @param {number} low */
const isWhole = (value, low) => Number.isInteger(value) && value >= low && value <= MOST;

/** What a value of each kind must be that it is not, or null. */
const CHECKS = {
  epoch: (/** @type {number} */ value) => (isWhole(value, 0) ? null : "whole"),
  training_step: (/** @type {number} */ value) => (isWhole(value, 0) ? null : "whole"),
  loss: (/** @type {number} */ value) => (value > 0 && value <= LARGEST ? null : "positive"),
  accuracy: (/** @type {number} */ value) => (value > 0 && value <= 100 ? null : "percent"),
};

/**
 * The goal of what is asked for at the moment t: the moment at which it ends at the latest, and the conditions that end it
 * before; or `wrong`, the field of the form with what it must be.
 *
 * @param {Asked} asked
 * @param {Listing} listing
 * @param {number} t
 * @returns {Goal}
 */
export function goalOf({ what, value: typed, of, within: bound }, listing, t) {
  const [value, within] = [numberOf(typed), numberOf(bound)];
  const told = { what, value, of, within };
  /** @type {(field: "value" | "within", must: string) => Goal} */
  const wrong = (field, must) => ({ wrong: { field, must }, t: NaN, until: [], told });
  const must = CHECKS[what](value);
  if (must) return wrong("value", must);
  if (isPlace(what)) {
    const there = beginOf(listing, value * (what === "epoch" ? listing.steps_per_epoch : 1));
    return Number.isSafeInteger(there) ? { wrong: null, t: there, until: [], told } : wrong("value", "whole");
  }
  if (!isWhole(within, 1)) return wrong("within", "within");
  const set = /** @type {Until["of"]} */ (of);
  /** @type {Until} */
  const condition =
    what === "loss" ? { name: "loss_below", value, of: set } : { name: "accuracy_from", value: value / 100, of: set };
  return { wrong: null, t: after(listing, "training_step", t, within), until: [condition], told };
}

/**
 * How a way to a goal has ended: at NaN or infinity, where its condition is true, or where the goal was a moment; or "unmet".
 *
 * @param {Told} told
 * @param {string | null} until the condition that ended it
 */
export function endOf({ what }, until) {
  if (until === "not_finite") return "diverged";
  return until || isPlace(what) ? "reached" : "unmet";
}
