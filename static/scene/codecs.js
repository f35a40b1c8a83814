// How values of the store are linked: which ones fit, and, where they are not plain, their plain form and the way back.

/** One of these names, or one of the names of an object. */
export const named = (names) => ({
  fits: (value) =>
    Array.isArray(names) ? names.includes(value) : typeof value === "string" && Object.hasOwn(names, value),
});

export const flag = { fits: (value) => typeof value === "boolean" };

const isWhole = (value, low, high) => Number.isSafeInteger(value) && value >= low && value <= high;

/** A whole number in a range; `high` may be a function of the store's values. */
export const whole = (low, high = Number.MAX_SAFE_INTEGER) => ({
  fits: (value, state) => isWhole(value, low, typeof high === "function" ? high(state) : high),
});

/** What the codec says, or null. */
export const optional = (codec) => ({ ...codec, fits: (value, state) => value === null || codec.fits(value, state) });

/** A list of different values that each fit. */
export const several = (codec) => ({
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

export const text = { fits: (value) => typeof value === "string" };

/** A cell of a tensor of the run, by the tensor's name and the index. */
export function isCell({ tensor, index }, { listing }) {
  const axes = Object.hasOwn(listing.tensors, tensor) ? listing.tensors[tensor] : null;
  return (
    Array.isArray(index) &&
    axes?.length === index.length &&
    axes.every((axis, i) => isWhole(index[i], 0, (axis === "example" ? Infinity : listing.sizes[axis]) - 1))
  );
}
