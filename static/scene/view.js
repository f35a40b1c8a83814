// The view of a scene: what a person has chosen to look at, as plain values, made of all keys that declare a link.

import { same } from "./difference.js";

/** The keys that a scene holds, as [the name there, the name in the store, the key]. */
const linkedOf = (keys) =>
  Object.entries(keys)
    .filter(([, { linked }]) => linked)
    .map(([name, key]) => [key.linked.as ?? name, name, key]);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

const copied = (value) => JSON.parse(JSON.stringify(value));

const plainOf = ({ linked }, value, state) => copied(linked.plain ? linked.plain(value, state) : value);

/** All of the view that the store's values make, as plain values. */
export const viewOf = (state, keys) =>
  Object.fromEntries(linkedOf(keys).map(([field, name, key]) => [field, plainOf(key, state[name], state)]));

/** The fields of a view that differ from the defaults. */
export const unusual = (view, keys) =>
  Object.fromEntries(
    linkedOf(keys)
      .filter(([field, , key]) => field in view && !same(view[field], plainOf(key, key.initial, {})))
      .map(([field]) => [field, view[field]]),
  );

/** The fields of a view whose codecs have a property, such as "heavy". */
export const fieldsThat = (keys, are) =>
  linkedOf(keys)
    .filter(([, , { linked }]) => linked[are])
    .map(([field]) => field);

/** A view with what is carried of the present one into scenes that the page itself opens, where it says nothing of that. */
export function withCarried(view, state, keys) {
  const fields = fieldsThat(keys, "carried");
  const kept = Object.entries(unusual(viewOf(state, keys), keys)).filter(([field]) => fields.includes(field));
  return isObject(view) ? { ...Object.fromEntries(kept), ...view } : view;
}

/** The value for the store, or undefined where the plain one does not fit. */
function valueOf({ linked }, given, state) {
  try {
    const value = linked.value ? linked.value(given, state) : given;
    return linked.fits(value, state) ? value : undefined;
  } catch {
    return undefined; // it is not even of the right form
  }
}

/**
 * What a view sets in the store, given the `state` that it comes to: `values` of all linked keys, those that it does not
 * name being what they begin as, unless they are personal, and stay; of these `late` is what is to be set once more when
 * the moment is shown. `unknown` are the fields that no key has, `unfit` those whose values do not fit.
 */
export function valuesOf(given, keys, state) {
  const view = isObject(given) ? given : {};
  const [values, late, unfit] = [{}, {}, view === given ? [] : ["view"]];
  const known = linkedOf(keys);
  for (const [field, name, key] of known) {
    const there = Object.hasOwn(view, field);
    const value = there ? valueOf(key, view[field], state) : undefined;
    if (there && value === undefined) unfit.push(field);
    if (value !== undefined) values[name] = value;
    else if (!key.linked.personal) values[name] = key.initial;
    if (key.linked.late) late[name] = values[name];
  }
  const unknown = Object.keys(view).filter((field) => !known.some(([each]) => each === field));
  return { values, late, unknown, unfit };
}

/** The notices of unknown fields of a view and of values that do not fit; null for none. */
export function leftOut({ unknown, unfit }) {
  const said = [
    ...(unknown.length ? [{ text: "scene.unknown", blanks: { fields: unknown } }] : []),
    ...(unfit.length ? [{ text: "scene.unfit", blanks: { fields: unfit } }] : []),
  ];
  return said.length ? said : null;
}
