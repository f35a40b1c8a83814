// What to ask of each moment: everything while that is little, else only what is drawn.

const [MUCH, MUCH_WHEN_PLAYING] = [1_000_000, 200_000]; // bytes of a frame

/** The bytes of a whole frame of this network. */
function wholeFrame({ tensors, sizes, experiment }) {
  const cells = (axes) => axes.reduce((product, axis) => product * (axis === "example" ? experiment.mini_batch_size : sizes[axis]), 1);
  return Object.values(tensors).reduce((total, axes) => total + 4 * cells(axes), 0);
}

/** The `watch` of a seek: none for small networks; for large ones the example and the units that are drawn. */
export function watchFor({ listing, example, units, playing }) {
  if (!units || wholeFrame(listing) <= (playing ? MUCH_WHEN_PLAYING : MUCH)) return undefined;
  return { example, units: JSON.parse(units) };
}
