// Writing: a lesson written on the page, beside the stage. The lessons have it fetched when one is to be written.

/** @type {import("../base/feature.js").Feature} */
export const writing = {
  name: "writing",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
