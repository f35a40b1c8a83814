// The mark that is chosen in the network, as a scene holds it.

import { optional, whole } from "../base/codecs.js";
import { parameterOf } from "../tensor/tensors.js";

const ofUnits = (axes) => axes.length === 2 && axes[0] === "example" && typeof axes[1] === "number";

/** A cell that may be chosen, {kind, tensor, index}: of a parameter or what goes with it, or a neuron's for an example. */
const cell = {
  fits({ kind, tensor, index }, { listing }) {
    const axes = Object.hasOwn(listing.tensors, tensor) ? listing.tensors[tensor] : [];
    return (
      typeof kind === "string" &&
      (parameterOf(tensor) !== null || ofUnits(axes)) &&
      index.length === axes.length &&
      axes.every((axis, i) => whole(0, axis === "example" ? Infinity : listing.sizes[axis] - 1).fits(index[i], null))
    );
  },
};

export const MARK = {
  ...optional(cell),
  plain: (mark) => mark && { kind: mark.kind, tensor: mark.tensor, index: mark.index },
};
