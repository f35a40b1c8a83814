// A box in which a tensor's cells are shown whole or larger, then to be scrolled; the canvas is never larger than the box.

import { createCells, MARGIN } from "./cells.js";
import { make } from "../base/dom.js";
import { grid, placeOf } from "./tensors.js";

/** @import { LookOf } from "./cells.js" */
/** @import { Tensor } from "../base/types.js" */

const [HIGHEST, LARGEST, LEAST] = [300, 44, 3]; // pixels: of the box, of a cell that fits, of a cell's height
const LARGER = [4, 8, 16, LARGEST]; // pixels of a cell, beside the one that fits

/**
 * The cell that shows all of a grid: [width, height], square unless that makes it too small to see.
 *
 * @param {{rows: number, columns: number}} grid
 * @param {number} width
 * @returns {number[]}
 */
function fitting({ rows, columns }, width) {
  const [wide, high] = [Math.min(LARGEST, width / columns), Math.min(LARGEST, HIGHEST / rows)];
  const side = Math.min(wide, high);
  if (side >= 2 * LEAST) return [side, side];
  return [wide, Math.min(high, Math.max(wide, rows > 1 ? LEAST : 5 * LEAST))];
}

/**
 * The sizes of a cell that one can choose from, the one that fits first.
 *
 * @param {Tensor} tensor
 * @param {number} width
 * @returns {number[][]}
 */
function sizesFor(tensor, width) {
  const fit = fitting(grid(tensor.shape), width);
  return [fit, ...LARGER.filter((side) => side > fit[0] * 1.2).map((side) => [side, side])];
}

/**
 * The box is `element`; `pointed` and `chosen` are as for the cells in it.
 *
 * @param {Parameters<typeof createCells>[0]} hears
 */
export function createCellBox({ pointed, chosen }) {
  const cells = createCells({
    chosen,
    pointed: (index, byKey) => {
      if (index && byKey) reveal(placeOf(index));
      pointed(index, byKey);
    },
  });
  const extent = make("div", {}, cells.canvas);
  const element = make("div", { className: "cell-box" }, extent);
  /** @type {[tensor: Tensor, size: {width: number, height: number}, look: LookOf & {cell: number[]}] | null} */
  let shown = null; // what was shown last

  function paint() {
    const [tensor, size, look] = shown;
    cells.show(tensor, size, { ...look, x: MARGIN - element.scrollLeft, y: MARGIN - element.scrollTop });
  }

  /** @param {{row: number, column: number}} place */
  function reveal({ row, column }) {
    const [
      ,
      { width, height },
      {
        cell: [wide, high],
      },
    ] = shown;
    /**
     * @param {number} start
     * @param {number} pixels
     * @param {number} from
     * @param {number} seen
     */
    const into = (start, pixels, from, seen) => Math.max(Math.min(from, start), start + pixels - seen + 2 * MARGIN);
    element.scrollLeft = into(column * wide, wide, element.scrollLeft, width);
    element.scrollTop = into(row * high, high, element.scrollTop, height);
  }

  element.addEventListener("scroll", paint);
  return {
    element,
    light: cells.light,
    say: cells.say,
    /**
     * Show a tensor, magnified so many times. Returns {zoom, most, cell}: as far as that goes, and the cell's size.
     *
     * @param {Tensor} tensor
     * @param {number} zoom
     * @param {LookOf} look
     */
    show(tensor, zoom, look) {
      const sizes = sizesFor(tensor, element.clientWidth - 2 * MARGIN);
      const most = sizes.length - 1;
      const cell = sizes[Math.min(zoom, most)];
      const { rows, columns } = grid(tensor.shape);
      const [wide, high] = [columns * cell[0], rows * cell[1]].map((pixels) => Math.ceil(pixels) + 2 * MARGIN);
      Object.assign(extent.style, { width: `${wide}px`, height: `${high}px` });
      shown = [
        tensor,
        { width: Math.min(wide, element.clientWidth), height: Math.min(high, element.clientHeight) },
        { ...look, cell },
      ];
      paint();
      return { zoom: Math.min(zoom, most), most, cell };
    },
  };
}
