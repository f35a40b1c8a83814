// The names of the files that are taken along.

import { fileNameOf } from "../scene/file.js";

/** The name of a file: its experiment and moment, what of them it holds, and its kind. */
export function nameOfFile(state, what, kind) {
  const scene = fileNameOf({ experiment: state.listing.experiment, t: state.moment.t }, state);
  return `${scene.replace(/\.json$/, "")}-${what}.${kind}`;
}
