// Which values of the store a scene may hold. Each says whether a value `fits`, given the store's values.

import { parameterOf } from "../tensor/tensors.js";

const given = (bound, state) => (typeof bound === "function" ? bound(state) : bound);

/** One of these names: of a list, of an object's fields, or of the list that a function of the store's values gives. */
export const named = (names) => ({
  fits(value, state) {
    const known = given(names, state);
    return typeof value === "string" && (Array.isArray(known) ? known.includes(value) : Object.hasOwn(known, value));
  },
});

export const flag = { fits: (value) => typeof value === "boolean" };

export const text = { fits: (value) => typeof value === "string" };

/** A number in a range. */
export const number = (low, high) => ({ fits: (value) => typeof value === "number" && value >= low && value <= high });

const isWhole = (value, low, high) => Number.isSafeInteger(value) && value >= low && value <= high;

/**
 * A whole number in a range; `high` may be a function of the store's values.
 *
 * @param {number} low
 * @param {number | ((state: any) => number)} high
 */
export const whole = (low, high = Infinity) => ({ fits: (value, state) => isWhole(value, low, given(high, state)) });

/** What fits, or null. */
export const optional = (codec) => ({ fits: (value, state) => value === null || codec.fits(value, state) });

/** A list of different values that each fit. */
export const listed = (codec) => ({
  fits: (value, state) =>
    Array.isArray(value) && new Set(value).size === value.length && value.every((each) => codec.fits(each, state)),
});

/** An object of just these fields, each of which fits. */
export const fields = (codecs) => ({
  fits: (value, state) =>
    value !== null &&
    typeof value === "object" &&
    Object.keys(value).length === Object.keys(codecs).length &&
    Object.entries(codecs).every(([name, codec]) => Object.hasOwn(value, name) && codec.fits(value[name], state)),
});

const ofUnits = (axes) => axes.length === 2 && axes[0] === "example" && typeof axes[1] === "number";

/** A cell that may be chosen, {kind, tensor, index}: of a parameter or what goes with it, or a neuron's for an example. */
export const cell = {
  fits({ kind, tensor, index }, { listing }) {
    const axes = Object.hasOwn(listing.tensors, tensor) ? listing.tensors[tensor] : [];
    return (
      typeof kind === "string" &&
      (parameterOf(tensor) !== null || ofUnits(axes)) &&
      index.length === axes.length &&
      axes.every((axis, i) => isWhole(index[i], 0, axis === "example" ? Infinity : listing.sizes[axis] - 1))
    );
  },
};
