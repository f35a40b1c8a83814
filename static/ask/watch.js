// The tensors to ask for with each moment: all of a small network, only the drawn ones of a large one.

/** @import { Listing } from "../base/types.js" */

/** @typedef {{listing: Listing, units: string | null, playing: boolean}} Watching What tells how much is asked for. */

const [MUCH, MUCH_WHEN_PLAYING] = [1_250_000, 200_000]; // bytes of a frame
const RATES = [
  [50_000, 65],
  [MUCH_WHEN_PLAYING, 46],
  [Infinity, 32],
]; // up to so many bytes, so many moments a second; a few more than are painted, so that none is missed

/**
 * The bytes of a whole frame of this network.
 *
 * @param {Listing} listing
 */
function wholeFrame({ tensors, sizes, experiment }) {
  const cells = (axes) =>
    axes.reduce((product, axis) => product * (axis === "example" ? experiment.mini_batch_size : sizes[axis]), 1);
  return Object.values(tensors).reduce((total, axes) => total + 4 * cells(axes), 0);
}

/**
 * How many moments a second are shown at full speed: fewer of large networks, so that it is they that take the time.
 *
 * @param {{listing: Listing}} state
 */
export const frameRate = ({ listing }) => RATES.find(([bytes]) => wholeFrame(listing) <= bytes)[1];

/**
 * Whether only what is drawn is asked for.
 *
 * @param {Watching} state
 */
export const isPartial = ({ listing, units, playing }) =>
  Boolean(units) && wholeFrame(listing) > (playing ? MUCH_WHEN_PLAYING : MUCH);

/**
 * The example whose own gradients the arrows show; null where they show those of the mini-batch.
 *
 * @param {{example: number, arrows: string, arrowsOf: string}} state
 */
export const gradientsOf = ({ example, arrows, arrowsOf }) =>
  arrowsOf === "example" && arrows !== "update" ? example : null;

/**
 * The `watch` of a seek: for large networks the example and the units that are drawn; with arrows that show the update,
 * the updates that are applied; with those of one example, its gradients; for all others none.
 *
 * @param {Watching & {example: number, arrows: string, arrowsOf: string}} state
 */
export function watchFor(state) {
  const part = isPartial(state) ? { example: state.example, units: JSON.parse(state.units) } : undefined;
  const of = gradientsOf(state);
  if (of !== null) return { ...part, gradients_of: of };
  return state.arrows === "update" ? { ...part, updates: true } : part;
}
