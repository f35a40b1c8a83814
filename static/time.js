// Time as the page counts it: t micro-steps, cut into the units of a grain.

/** The moments where units of the grain end, counted from a boundary, and the length after which they repeat. */
function pattern(listing, grain) {
  const length = listing.program.length;
  if (grain === "epoch") return { ends: [length * listing.steps_per_epoch], length: length * listing.steps_per_epoch };
  return { ends: grain === "training_step" ? [length] : listing.grains[grain], length };
}

/** The end of the unit of the grain that follows t, or of the count-th one. */
export function after(listing, grain, t, count = 1) {
  const { ends, length } = pattern(listing, grain);
  const base = Math.floor(t / length);
  const done = ends.filter((end) => end <= t - base * length).length;
  const whole = Math.floor((done + count - 1) / ends.length);
  return (base + whole) * length + ends[(done + count - 1) % ends.length];
}

/** The end of the unit of the grain that lies before t, or 0. */
export function before(listing, grain, t) {
  const { ends, length } = pattern(listing, grain);
  const base = Math.max(0, Math.ceil(t / length) - 1) * length;
  return base + (ends.findLast((end) => end < t - base) ?? 0);
}

/** Where t lies: its training step, and the micro-step that was done last (none at t 0). */
export function locate(listing, t) {
  const length = listing.program.length;
  const step = Math.max(0, Math.ceil(t / length) - 1);
  return { trainingStep: step, done: t - step * length, last: t ? listing.program[t - step * length - 1] : null };
}
