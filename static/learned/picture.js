// A small picture of 28 x 28 numbers on the page.

import { expand, paintPicture } from "../draw/pictures.js";
import { make } from "../base/dom.js";

const SIDE = 28;

/** What is drawn of a picture, {tensor, row, data, kind, scale}, where ink is opaque and grey has a middle. */
export const pictureOf = (tensor, row, data, kind = "ink", scale = 1) => ({
  tensor,
  row,
  data,
  kind,
  scale,
  sign: 1,
  side: SIDE,
});

/** A canvas with a picture on it, in the theme's colours. */
export function canvasOf(mark, colours, label = "") {
  const canvas = make("canvas", {
    width: SIDE,
    height: SIDE,
    className: "small-picture",
    ...(label ? { role: "img", ariaLabel: label } : {}),
  });
  paintPicture(canvas, mark, colours);
  return canvas;
}

/** The marks of its pixels. */
export const marksOf = (mark, colours) => expand(mark, colours);
