// A step's scene: taken from what is shown, and what it holds.

import { read, write } from "../scene/fragment.js";
import { nameOf } from "../scene/named.js";
import { fieldsThat, unusual } from "../scene/view.js";

const NOT_OF_A_SCENE = ["lesson", "projector"]; // how it is looked at, and by whom
const PLAIN = /%(?:7B|7D|22|5B|5D|20)/g; // what may stand as it is

/**
 * The link of a scene, as the file of a lesson has it: readable, and without what is of this page or this person alone.
 *
 * @param {{experiment: any, t: number, view: any}} scene
 */
export function linkOf({ experiment, t, view }, { keys, offers }) {
  const left = [...NOT_OF_A_SCENE, ...fieldsThat(keys, "personal")];
  const kept = Object.entries(unusual(view, keys)).filter(([name]) => !left.includes(name));
  const link = write({ experiment, t, view: Object.fromEntries(kept) }, offers);
  return link.replaceAll("'", "%27").replace(PLAIN, decodeURIComponent);
}

/** The scene of a link, {experiment, t, view}; null where it is none. */
export function sceneOf(link, offers) {
  const found = typeof link === "string" && link.includes("#") ? read(link.slice(link.indexOf("#")), offers) : null;
  return found?.experiment?.dataset ? found : null;
}

/** What a scene holds: {preset}, {scenario} or {dataset}, its moment, and the names of what its view chooses. */
export function heldIn({ experiment, t, view }, offers) {
  const { preset, scenario } = nameOf(experiment, offers);
  const named = preset ? { preset } : scenario ? { scenario } : { dataset: experiment.dataset.name };
  return { ...named, t, view: Object.keys(view ?? {}) };
}
