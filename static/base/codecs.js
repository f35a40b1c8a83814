// Which values of the store a scene may hold.

/**
 * How a scene holds a value: `fits(value, state)` tells whether a value may be had, given the store's values;
 * `plain(value, state)` and `value(plain, state)` lead to the plain form and back, where it has one of its own; `as` is
 * its name in the scene, where that is another, and `query` the one in the address, where it stands outside of the scene;
 * what is `heavy` is left out of an address that would be too long; what is `late` is set once the moment is shown; what
 * is `personal` stays as it is where a scene does not name it; what is `carried` stays where the page itself opens another
 * scene, of a lesson or a story.
 *
 * @typedef {{fits: (value: any, state: any) => boolean, plain?: (value: any, state: any) => any,
 *   value?: (plain: any, state: any) => any, as?: string, query?: string, heavy?: boolean, late?: boolean,
 *   personal?: boolean, carried?: boolean}} Codec
 *
 * @typedef {number | ((state: any) => number)} Bound
 */

/** @type {(bound: any, state: any) => any} */
const given = (bound, state) => (typeof bound === "function" ? bound(state) : bound);

/**
 * One of these names: of a list, of an object's fields, or of the list that a function of the store's values gives.
 *
 * @type {(names: object | ((state: any) => string[])) => Codec}
 */
export const oneOf = (names) => ({
  fits(value, state) {
    const known = given(names, state);
    return typeof value === "string" && (Array.isArray(known) ? known.includes(value) : Object.hasOwn(known, value));
  },
});

/** @type {Codec} */
export const flag = { fits: (value) => typeof value === "boolean" };

/** @type {Codec} */
export const text = { fits: (value) => typeof value === "string" };

/** A number in a range. @type {(low: number, high: number) => Codec} */
export const number = (low, high) => ({ fits: (value) => typeof value === "number" && value >= low && value <= high });

/** A whole number in a range; `high` may be a function of the store's values. @type {(low: number, high?: Bound) => Codec} */
export const whole = (low, high = Infinity) => ({
  fits: (value, state) => Number.isSafeInteger(value) && value >= low && value <= given(high, state),
});

/** What fits, or null. @type {(codec: Codec) => Codec} */
export const optional = (codec) => ({ fits: (value, state) => value === null || codec.fits(value, state) });

/** A list of different values that each fit. @type {(codec: Codec) => Codec} */
export const listed = (codec) => ({
  fits: (value, state) =>
    Array.isArray(value) && new Set(value).size === value.length && value.every((each) => codec.fits(each, state)),
});

/** An object of just these fields, each of which fits. @type {(codecs: Record<string, Codec>) => Codec} */
export const fields = (codecs) => ({
  fits: (value, state) =>
    value !== null &&
    typeof value === "object" &&
    Object.keys(value).length === Object.keys(codecs).length &&
    Object.entries(codecs).every(([name, codec]) => Object.hasOwn(value, name) && codec.fits(value[name], state)),
});
