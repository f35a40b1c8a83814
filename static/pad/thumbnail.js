// A drawing as a small picture, with the digit that it means.

import { make } from "../base/dom.js";
import { paintBytes } from "./strokes.js";

const SIDE = 56; // pixels, shown at half of that

/** The parts of it, to be put into an element. */
export function thumbnail({ picture, label }, colours) {
  const canvas = make("canvas", { width: SIDE, height: SIDE });
  paintBytes(canvas.getContext("2d"), picture, SIDE, colours.ink);
  return [canvas, make("b", { textContent: label })];
}
