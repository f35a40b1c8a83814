// Which mark of the network is meant: by the pointer, by a panel, or by a choice.

import { parameterOf } from "../tensor/tensors.js";

const COMPANION = /^[ue](?=(W|b|gamma|beta)\d)/;

/** The mark as the page goes by it: an update and an example's gradient by its parameter's gradient, a neuron by its activation, whatever is shown. */
export const asGradient = (mark) =>
  mark.kind === "pre-activation"
    ? { ...mark, kind: "activation", tensor: mark.tensor.replace("z", "a") }
    : { ...mark, tensor: mark.tensor.replace(COMPANION, "d") };

/** A mark in one string, the same for the same element of a tensor; null for none. */
export const keyOf = (mark) => mark && `${mark.kind}:${mark.tensor}:${mark.index}`;

/** The parameter that is pointed at, in the network or a panel, or chosen: {name, index}, or undefined. */
export function parameterMeant({ hovered, selected, lit }) {
  const marks = [hovered, lit.length === 1 ? lit[0] : null, selected];
  const mark = marks.find((each) => each?.index && !each.index.includes(null) && parameterOf(each.tensor));
  return mark && { name: parameterOf(mark.tensor), index: mark.index };
}
