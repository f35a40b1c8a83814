// A scene in an address: the experiment, the moment, and what of the view differs from the defaults.

import { read, write } from "./fragment.js";
import { fieldsThat, unusual } from "./view.js";

const LONGEST = 1999; // letters of an address that every program hands on

/** The fields of a view that stand in an address's query, where the server reads them too, by their names there. */
const queryOf = (keys) =>
  Object.entries(keys)
    .filter(([, { linked }]) => linked?.query)
    .map(([name, { linked }]) => [linked.query, name]);

const without = (view, fields) => Object.fromEntries(Object.entries(view).filter(([name]) => !fields.includes(name)));

/**
 * A scene's address, made of the one that there is: {href, kept}. Where it would be too long, heavy fields of the view are
 * left out, and `kept` is {view} with these; else it is null.
 */
export function addressOf({ experiment, t, view }, { keys, offers, href }) {
  const shown = unusual(view, keys);
  const there = new URL(href);
  for (const [parameter, field] of queryOf(keys)) {
    if (field in shown) there.searchParams.set(parameter, shown[field]);
    else there.searchParams.delete(parameter);
  }
  const asked = queryOf(keys).map(([, field]) => field);
  const put = (part) => {
    there.hash = write({ experiment, t, view: part }, offers);
    return there.href;
  };
  const rest = without(shown, asked);
  const whole = put(rest);
  const heavy = fieldsThat(keys, "heavy").filter((field) => field in rest);
  if (whole.length <= LONGEST || !heavy.length) return { href: whole, kept: null };
  return {
    href: put(without(rest, heavy)),
    kept: { view: Object.fromEntries(heavy.map((name) => [name, rest[name]])) },
  };
}

/** The scene of an address, or null: {format, experiment, t, view}, unchecked. `state` are the store's values. */
export function sceneAt({ href, kept }, { keys, offers, state }) {
  const there = new URL(href);
  const scene = read(there.hash, offers);
  if (!scene) return null;
  const asked = queryOf(keys)
    .map(([parameter, field]) => [field, there.searchParams.get(parameter)])
    .filter(([field, value]) => value !== null && keys[field].linked.fits(value, state)); // else the server knows it not either
  const isObject = scene.view !== null && typeof scene.view === "object" && !Array.isArray(scene.view);
  const view = isObject ? { ...Object.fromEntries(asked), ...scene.view, ...kept?.view } : scene.view;
  return { ...scene, view };
}
