// A scene as an address's fragment: its fields as in a query, those that are the usual ones left out.

import { restored, shortened } from "./named.js";

/** A text in a fragment; commas and colons may stand there as they are. */
const escaped = (text) => encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%3A", ":");

/**
 * The fragment that holds a scene {experiment, t, view}, where the view has only what differs from the usual; without an
 * experiment, the view alone.
 */
export function write({ experiment, t, view }, offers) {
  const { experiment: patch, ...named } = experiment ? shortened(experiment, offers) : {};
  const fields = {
    ...named,
    ...(t ? { t } : {}),
    ...(patch ? { experiment: JSON.stringify(patch) } : {}),
    ...(Object.keys(view).length ? { view: JSON.stringify(view) } : {}),
  };
  return `#${Object.entries(fields)
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join("&")}`;
}

/** The value of a JSON text, or the text itself where it is not JSON: whoever takes the value refuses it. */
function plain(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The scene of a fragment, {format, experiment, t, view}, unchecked but for t; null where there is none. Where it has a view
 * alone, or the name of a `test`, `experiment` is undefined; where it names an experiment that is not on offer, that is null and `unknown` is
 * [the kind, the name].
 */
export function read(fragment, offers) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const [preset, scenario, written, view, format, test] = [
    "preset",
    "scenario",
    "experiment",
    "view",
    "format",
    "test",
  ].map((name) => fields.get(name) ?? undefined);
  const looks = test === undefined ? (view === undefined ? {} : plain(view)) : { practice: test };
  const isAlone = (preset ?? scenario ?? written) === undefined;
  if (isAlone && ((view ?? test) === undefined || typeof looks !== "object")) return null;
  const experiment = restored({ preset, scenario, experiment: written && plain(written) }, offers);
  const t = Number(fields.get("t") ?? 0);
  return {
    format: format === undefined ? 1 : plain(format),
    experiment,
    t: Number.isSafeInteger(t) && t >= 0 ? t : 0,
    view: looks,
    ...(experiment === null ? { unknown: preset === undefined ? ["scenario", scenario] : ["preset", preset] } : {}),
  };
}
