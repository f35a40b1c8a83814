// Cost: the operations, the bytes and the time of a training step's two passes.

/** @type {import("../../base/feature.js").Feature} */
export const cost = {
  name: "cost",
  watches: [],
  question: () => ({ question: "cost" }),
  load: () => import("./panel.js"),
};
