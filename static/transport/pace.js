// How fast a run plays: what a speed means, and how a frame at full speed is shared between training and painting.

import { after } from "../base/time.js";

/** @import { Listing } from "../base/types.js" */

const FRAME = 1000 / 60; // milliseconds
const FULL_SPEED = 100;
const STRIDE = 1.2;
const UNDER_WAY = 60; // milliseconds of training asked for at once at full speed, so that the server never idles
const [SHORTEST, LONGEST] = [0.6, 0.92]; // of a frame at full speed, what the server trains
const [STEP, PAUSE] = [0.02, 200]; // how far that moves at once; milliseconds from which on an interval tells nothing

/**
 * How fast a speed setting from 0 to 100 goes: units of the grain a second; Infinity at 100.
 *
 * @param {number} speed
 */
export function pace(speed) {
  return speed >= FULL_SPEED ? Infinity : 0.5 * 8000 ** (speed / (FULL_SPEED - 1));
}

/**
 * How many milliseconds there are from one moment to the next, at least a frame.
 *
 * @param {number} speed
 */
export const intervalOf = (speed) => Math.max(FRAME, 1000 / pace(speed));

/**
 * How many units of the grain are gone through from one moment to the next.
 *
 * @param {number} speed
 */
export const unitsOf = (speed) => Math.max(1, Math.round((pace(speed) * FRAME) / 1000));

/**
 * What part of a frame the server trains next, after answers that came so many milliseconds apart with this part.
 *
 * @param {number} part
 * @param {number} frame milliseconds of a frame at full speed
 * @param {number} interval
 */
export function partAfter(part, frame, interval) {
  if (interval >= PAUSE) return part;
  return Math.min(LONGEST, Math.max(SHORTEST, part + ((frame - interval) / frame) * STEP));
}

/** The part to begin with. */
export const FIRST_PART = LONGEST;

/**
 * How many moments are asked for at once at full speed, of which so many are shown a second.
 *
 * @param {number} rate
 */
export const requestsFor = (rate) => Math.round((UNDER_WAY * rate) / 1000 / LONGEST);

/**
 * As far as a frame at full speed may go from t: ever larger strides, so that a run's quick beginning can be seen.
 *
 * @param {Listing} listing
 * @param {number} t
 */
export const furtherThan = (listing, t) => after(listing, "training_step", Math.ceil(t * STRIDE));
