// What happened between two moments: which tensors were written, and which way the signal ran.

/** The gesture that leads from one moment to the next; nothing grows in jumps and steps back. */
export function gestureBetween(listing, from, to, earlier) {
  const still = { growing: new Set(), flow: null, lit: null, lights: new Set(), earlier };
  if (to.t === 0) return still;
  const length = listing.program.length;
  const step = Math.ceil(to.t / length) - 1;
  const end = to.t - step * length;
  const last = listing.program[end - 1];
  const lights = new Set(last.writes);
  const start = from && from.t < to.t && to.t - from.t <= length ? Math.max(0, from.t - step * length) : null;
  if (start === null) return { ...still, lit: last.layer, lights };
  const done = listing.program.slice(start, end);
  const growing = new Set(done.flatMap(({ writes }) => writes));
  const sends = done.find(({ equation }) => equation === "affine" || equation === "pass_back");
  const single = sends && done.every(({ phase }) => phase === sends.phase);
  const backward = sends?.equation === "pass_back";
  const flow = single ? { layer: backward ? sends.layer + 1 : sends.layer, backward } : null;
  return { growing, flow, lit: last.layer, lights, earlier };
}
