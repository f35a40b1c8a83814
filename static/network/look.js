// What the painting of a scene takes besides its marks: colours, captions, and how crowded it is.

import { outputNames } from "../base/called.js";
import { say } from "../base/words.js";
import { captionsOf } from "./captions.js";

const CROWDED = 60; // lines from which on they are paler

/** The look of a scene. `lights` are the tensors that have just been written; `theme` has the colours and the font. */
export function lookOf({ words, listing }, layers, layout, scene, lights, theme) {
  return {
    ...theme,
    captions: captionsOf(words, layers),
    lit: lights,
    weights: "W¹",
    gradients: scene.arrows.caption,
    say: (name, blanks) => say(words, name, blanks),
    classes: listing.kind === "classes" ? outputNames(listing) : [],
    inputs: listing.columns ?? [],
    depth: layers.length,
    left: scene.left,
    width: layout.width,
    scale: layout.scale,
    least: layout.least,
    crowded: scene.lines.length > CROWDED,
    pitches: layout.columns.map((column) => column?.pitch ?? 0),
  };
}

/** The look of a drawing's own pass, whose outputs are named apart. */
export const passLook = (words, layers, layout, scene, theme) => ({
  ...theme,
  captions: captionsOf(words, layers, { input: "thought.input", normalized: false }),
  lit: new Set(),
  weights: "",
  gradients: "a⁰·W¹",
  say: (name, blanks) => say(words, name, blanks),
  classes: [],
  inputs: [],
  depth: scene.depth,
  left: [],
  width: layout.width,
  scale: layout.scale,
  least: layout.least,
  crowded: false,
  pitches: layout.columns.map(() => 0),
});
