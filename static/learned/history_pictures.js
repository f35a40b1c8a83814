// The pictures of the history of a run: what of, how finely, and those that an answer of the server holds.

import { roundScale } from "../base/numbers.js";
import { segmentAt } from "../base/time.js";
import { toneOfOutput } from "../draw/plane.js";

const PICTURE = 784;
const POINTS = { 1: 60, 2: 32 }; // of a grid, on a side, where the network is small enough
const WORK = 2e8; // products of a weight and an activation that a picture of answers may take
const NEURONS = 6; // rows at a time

/** What the history is of: pictures of weights, answers over one or two inputs, or nothing. */
export const historyOf = ({ sizes }) => (sizes[0] === PICTURE ? "weights" : sizes[0] <= 2 ? "answers" : null);

/** How many points of a grid are asked for on a side: fewer of a large network. */
export function pointsOf({ sizes }) {
  const weights = sizes.slice(1).reduce((sum, units, below) => sum + units * sizes[below], 0);
  return Math.max(8, Math.min(POINTS[sizes[0]], Math.floor((WORK / weights) ** (1 / sizes[0]))));
}

/** The neurons of a page, so many `pages` after the first: those that there are, and whether there are some before and after. */
export function neuronsOn(pages, count) {
  const page = Math.max(0, Math.min(pages, Math.floor((count - 1) / NEURONS)));
  const first = page * NEURONS;
  const units = Array.from({ length: Math.min(NEURONS, count - first) }, (_, i) => first + i);
  return { page, units, before: page > 0, after: first + NEURONS < count, several: count > NEURONS };
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The weights of each neuron at each moment, `pictures[moment][neuron]`, and the scale that all are drawn to. */
export function weightPictures({ tensors, units, moments }) {
  const { data } = tensors.get("W1");
  const picture = (place) => data.subarray(place * PICTURE, (place + 1) * PICTURE);
  const pictures = moments.map((_, i) => units.map((_unit, j) => picture(i * units.length + j)));
  return { pictures, scale: roundScale(largest(data)) };
}

/** The answers at each moment, {shape, values, tone}, in the colours that the run has at that moment. */
export function answerPictures({ tensors, moments }, listing) {
  const { shape, data } = tensors.get("response");
  const each = shape.slice(1);
  const width = each.reduce((product, length) => product * length, 1);
  const outputs = listing.sizes.at(-1);
  const scaled = { centre: 0, reach: roundScale(largest(data)) };
  const toneAt = (t) =>
    listing.kind === "classes" ? toneOfOutput(segmentAt(listing, t).levels, outputs, outputs - 1) : scaled;
  return moments.map((t, i) => ({
    shape: each,
    values: data.subarray(i * width, (i + 1) * width),
    tone: toneAt(t),
  }));
}
