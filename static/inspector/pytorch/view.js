// PyTorch: the same network in about ten lines, the gradients that they are to find, and where all of this comes from.

/** @type {import("../../base/feature.js").Feature} */
export const pytorch = {
  name: "pytorch",
  watches: [],
  question: () => ({ question: "pytorch" }),
  load: () => import("./panel.js"),
};
