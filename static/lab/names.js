// The lanes' names, and how a scene holds them: of each lane only what differs from the run.

import { difference, patched, same } from "../scene/difference.js";

/** @typedef {{name: string, title: string, experiment: any}} Lane What a lane is; its title is "" where it has none. */

export const FIRST_LANE = "A"; // the run of the page ...
export const PAGE_RUN = "first"; // ... and its name at the server
export const OTHERS = ["B", "C", "D", "E", "F"];
const LONGEST = 60; // letters of a title

/**
 * The lane of a run, {name, t}, by its name at the server; that of the page has none here.
 *
 * @param {any} state
 * @param {string | null} run
 */
export const laneOf = ({ lanesTold, moment }, run) =>
  lanesTold.find((/** @type {any} */ each) => each.run === run) ?? { name: FIRST_LANE, t: moment.t };

/** Whether two experiments have the same data, and so many units in each layer. @type {(one: any, other: any) => boolean} */
export const comparable = (one, other) => {
  const [ours, theirs] = [one, other].map(({ dataset, layers }) => ({ dataset, layers: layers.map(shapeOf) }));
  return same(ours, theirs);
};
const shapeOf = ({ units, batch_norm = false }) => ({ units, batch_norm });

/** @type {(plain: any) => boolean} */
const isObject = (plain) => plain !== null && typeof plain === "object" && !Array.isArray(plain);

/** @type {(lane: any) => boolean} */
const isLane = (lane) =>
  isObject(lane) &&
  OTHERS.includes(lane.name) &&
  typeof lane.title === "string" &&
  lane.title.length <= LONGEST &&
  isObject(lane.experiment);

/** A title as it may be: no longer than one has room for. @type {(text: string) => string} */
export const titled = (text) => text.trim().slice(0, LONGEST);

/** The name of the next lane, or null where there are as many as there may be. @type {(taken: string[]) => string | null} */
export const nextName = (taken) => OTHERS.find((name) => !taken.includes(name)) ?? null;

/**
 * Lanes as a scene holds them, beside the experiment of its run.
 *
 * @type {import("../base/codecs.js").Codec}
 */
export const LANES = {
  heavy: true,
  fits: (lanes) =>
    Array.isArray(lanes) &&
    lanes.every(isLane) &&
    new Set(lanes.map((/** @type {Lane} */ { name }) => name)).size === lanes.length,
  plain: (lanes, { listing }) =>
    lanes.map((/** @type {Lane} */ { name, title, experiment }) => {
      const differs = difference(experiment, listing.experiment);
      const whole = !same(patched(listing.experiment, differs), experiment); // a null that means something cannot be patched
      return { name, ...(title && { title }), ...(whole ? { experiment } : { differs }) };
    }),
  value: (plain, { listing }) =>
    plain.map((/** @type {any} */ { name, title = "", differs, experiment }) => ({
      name,
      title,
      experiment: experiment ?? patched(listing.experiment, differs),
    })),
};

/** The title of the run of the page. @type {import("../base/codecs.js").Codec} */
export const TITLE = { fits: (title) => typeof title === "string" && title.length <= LONGEST };
