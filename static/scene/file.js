// A scene as a JSON file: all of its experiment, and of its view what differs from the usual.

import { FORMAT } from "./format.js";

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * The text of a scene's file, with what its experiment needs `beside` it: the table of a person's own `data`, and the
 * `checkpoint` that it starts from.
 */
export const textOf = ({ experiment, t, view }, beside = {}) =>
  `${JSON.stringify({ format: FORMAT, experiment, t, view, ...beside }, null, 2)}\n`;

/** The name of a scene's file, by its data set or the experiment that it is named after, and its moment. */
export const fileNameOf = ({ experiment, t }, { preset, scenario }) =>
  `backscope-${preset ?? scenario ?? experiment.dataset.name}-t${t}.json`;

/** What a file's plain value is: "scene", "drawings", "practice", or else to be taken as an experiment. */
export function kindOf(plain) {
  if (!isObject(plain) || "dataset" in plain) return "experiment";
  if ("backscope" in plain) return "practice";
  if ("experiment" in plain) return "scene";
  return "drawings" in plain ? "drawings" : "experiment";
}

/** The scene of a plain value, its fields as a link's are. */
export const sceneOf = ({ format = 1, experiment, t = 0, view = {} }) => ({ format, experiment, t, view });
