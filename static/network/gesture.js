// What happened between two moments: which tensors were written, and which way the signal ran.

import { locate } from "../base/time.js";

/** The gesture that leads from one moment to the next; nothing grows in jumps and steps back. */
export function gestureBetween(listing, from, to, earlier) {
  const still = { growing: new Set(), flow: null, lit: null, lights: new Set(), earlier };
  if (to.t === 0) return still;
  const { segment, begin, done: end, last } = locate(listing, to.t);
  const { program } = segment;
  const lit = last.layer || last.phase === "forward" ? last.layer : null;
  const lights = new Set(last.writes);
  const start = from && from.t < to.t && to.t - from.t <= program.length ? Math.max(0, from.t - begin) : null;
  if (start === null) return { ...still, lit, lights };
  const done = program.slice(start, end);
  const growing = new Set(done.flatMap(({ writes }) => writes));
  const sends = done.find(({ equation }) => equation === "affine" || equation.startsWith("pass_back"));
  const single = sends && done.every(({ phase }) => phase === sends.phase);
  const backward = sends?.phase === "backward";
  const flow = single ? { layer: backward ? sends.layer + 1 : sends.layer, backward } : null;
  return { growing, flow, lit, lights, earlier };
}
