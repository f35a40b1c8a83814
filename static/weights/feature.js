// Weights of other programs: the form in which a person says what the arrays of a file are, fetched with the first file.

/** @type {import("../base/feature.js").Feature} */
export const weights = {
  name: "weights",
  slot: "header",
  speaks: "weights.title",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
