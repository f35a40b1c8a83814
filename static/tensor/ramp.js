// A scale as a strip of its colours, from one end to the other.

import { make } from "../base/dom.js";
import { paintMatrix } from "../draw/matrix.js";

/** @import { Grid } from "../draw/types.js" */
/** @import { Colours } from "../base/colours.js" */

const [COLUMNS, WIDTH, HEIGHT] = [40, 4, 9]; // of the strip, and pixels of a column
const STRIP = { rows: 1, columns: COLUMNS, cell: [WIDTH, HEIGHT], x: 1, y: 1 };

export function createRamp() {
  const canvas = make("canvas", {
    className: "ramp",
    width: 2 * (COLUMNS * WIDTH + 2),
    height: 2 * (HEIGHT + 2),
    ariaHidden: "true",
  });
  const context = canvas.getContext("2d");
  context.setTransform(2, 0, 0, 2, 0, 0);
  return {
    canvas,
    /** @param {{scale: number, colouring: Grid["colouring"], colours: Colours}} look */
    show({ scale, colouring, colours }) {
      const data = Array.from({ length: COLUMNS }, (_, i) => (scale * (2 * i - COLUMNS + 1)) / (COLUMNS - 1));
      context.clearRect(0, 0, canvas.width, canvas.height);
      paintMatrix(context, { ...STRIP, data, scale, colouring }, colours);
    },
  };
}
