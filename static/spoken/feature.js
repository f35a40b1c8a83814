// What is said aloud: what the keys point at in the network, and where the run was paused.

/** @type {import("../base/feature.js").Feature} */
export const spoken = {
  name: "spoken",
  slot: "spoken",
  watches: ["hovered", "playing"],
  wanted: ({ hovered, playing }) => Boolean(hovered || playing),
  load: () => import("./panel.js"),
};
