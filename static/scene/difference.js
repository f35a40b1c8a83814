// What differs between two plain values, as a JSON merge patch (RFC 7396): objects by their fields, all else as a whole;
// null takes a field out.

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Whether two plain values are the same; the order of an object's fields does not count. */
export function same(one, other) {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, i) => same(each, other[i]));
  if (!isObject(one) || !isObject(other)) return Object.is(one, other);
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]))
  );
}

/** The patch that makes `value` of `base`, both objects; {} where they are the same. */
export function difference(value, base) {
  const patch = {};
  for (const name of Object.keys(base)) if (!Object.hasOwn(value, name)) patch[name] = null;
  for (const [name, each] of Object.entries(value)) {
    const before = Object.hasOwn(base, name) ? base[name] : undefined;
    if (same(each, before)) continue;
    patch[name] = isObject(each) && isObject(before) ? difference(each, before) : each;
  }
  return patch;
}

/** What a patch makes of `base`. */
export function patched(base, patch) {
  if (!isObject(patch)) return patch;
  const made = { ...(isObject(base) ? base : {}) };
  for (const [name, each] of Object.entries(patch)) {
    if (each === null) delete made[name];
    else made[name] = patched(made[name], each);
  }
  return made;
}
