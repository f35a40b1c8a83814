// What a page lets others read of its run, as `window.backscope`.

const NAMES = ["t", "experiment", "scene", "view", "listing", "lanes", "lesson", "surface", "tensor", "marks", "stats"];

/** The readings of a mount's `run`, which cannot be written. */
export function readable(run) {
  const found = Object.create(null);
  for (const name of NAMES)
    Object.defineProperty(found, name, { enumerable: true, ...Object.getOwnPropertyDescriptor(run, name) });
  return Object.freeze(found);
}
