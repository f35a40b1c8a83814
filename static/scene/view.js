// The view of a scene: what a person has chosen to look at, as plain values by the keys that declare how they are linked.

import { same } from "./difference.js";

const linkedOf = (keys) => Object.entries(keys).filter(([, { linked }]) => linked);

const plain = (value) => JSON.parse(JSON.stringify(value));

/** The plain value of one key. */
const plainOf = ({ linked }, value, state) => plain(linked.plain ? linked.plain(value, state) : value);

/** All of the view that the store's values make, as plain values. */
export const viewOf = (state, keys) =>
  Object.fromEntries(linkedOf(keys).map(([name, key]) => [name, plainOf(key, state[name], state)]));

/** What of a view differs from what every view begins as. */
export function unusual(view, keys) {
  const usual = linkedOf(keys).map(([name, key]) => [name, plainOf(key, key.initial, {})]);
  return Object.fromEntries(
    usual.filter(([name, value]) => !same(view[name], value)).map(([name]) => [name, view[name]]),
  );
}

/** The value for the store, or undefined where the plain one does not fit. */
function valueOf({ linked }, given, state) {
  try {
    const value = linked.value ? linked.value(given, state) : given;
    return linked.fits(value, state) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a view sets in the store, given the `state` that it comes to: `values` of all linked keys, those that it does not
 * name being what they begin as, unless they are a person's own, which stay. `unknown` are the names of fields that no
 * key has, `unfit` the pairs of name and value that do not fit.
 */
export function valuesOf(view, keys, state) {
  const [values, unfit] = [{}, []];
  for (const [name, key] of linkedOf(keys)) {
    const given = Object.hasOwn(view, name);
    const value = given ? valueOf(key, view[name], state) : undefined;
    if (given && value === undefined) unfit.push([name, view[name]]);
    if (value !== undefined) values[name] = value;
    else if (!key.linked.personal) values[name] = key.initial;
  }
  const unknown = Object.keys(view).filter((name) => !keys[name]?.linked);
  return { values, unknown, unfit };
}
