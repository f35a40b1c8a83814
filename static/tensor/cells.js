// A tensor's cells on a canvas: one is pointed at, or walked to with the arrow keys when the canvas has the focus.

import { cellAt, paintMatrix } from "../draw/matrix.js";
import { make, shownIn } from "../base/dom.js";
import { grid as gridOf, indexOf } from "./tensors.js";

/** @import { Grid, Place } from "../draw/types.js" */
/** @import { Colours } from "../base/colours.js" */
/** @import { Tensor } from "../base/types.js" */

/** @type {Record<string, [down: number, right: number]>} */
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
/** @typedef {Pick<Grid, "x" | "y" | "colouring" | "scale" | "font"> & {colours: Colours}} LookOf Beside the size of a cell. */

export const MARGIN = 2; // pixels around the cells, for the outline of what is lit

/**
 * A canvas of cells. `pointed(index, byKey)` is called with the cell that is pointed at, null when none is any more, and
 * `chosen(index)` with one that is clicked. Screen readers find a slider, whose value is the cell's name and number.
 *
 * @param {object} hears
 * @param {(index: number[] | null, byKey: boolean) => void} hears.pointed
 * @param {(index: number[]) => void} [hears.chosen]
 */
export function createCells({ pointed, chosen }) {
  const canvas = make("canvas", { className: "cells", tabIndex: 0, role: "slider" });
  const context = canvas.getContext("2d");
  /** @type {number[]} */
  let shape = [];
  /** @type {Grid & {colours: Colours} | null} */
  let view = null;
  let here = { row: 0, column: 0 }; // where the keys are
  /** @type {number[] | null} */
  let last = null;

  function paint() {
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (view) paintMatrix(context, view, view.colours);
  }

  const tellPlace = () => canvas.setAttribute("aria-valuenow", String(here.row * (view?.columns ?? 0) + here.column));

  /**
   * @param {{row: number, column: number} | null} place
   * @param {boolean} [byKey]
   */
  function point(place, byKey = false) {
    const index = place && indexOf(place, shape);
    if (String(index) === String(last)) return;
    last = index;
    if (place) here = place;
    tellPlace();
    pointed(index, byKey);
  }

  /** @param {MouseEvent} event */
  const under = (event) => view && cellAt(view, event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", (event) => point(under(event)));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("pointerdown", (event) => event.preventDefault()); // a click leaves the focus, and the step keys, alone
  canvas.addEventListener("click", (event) => under(event) && chosen?.(indexOf(under(event), shape)));
  canvas.addEventListener("focus", () => view && point(here, true));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", (event) => {
    if (!view || event.shiftKey) return;
    const way = WAYS[event.key];
    if (way)
      point({ row: clamp(here.row + way[0], view.rows), column: clamp(here.column + way[1], view.columns) }, true);
    else if (event.key === "Enter") chosen?.(indexOf(here, shape));
    else return;
    event.preventDefault();
  });

  return {
    canvas,
    /**
     * Show a tensor, {shape, data}, in a canvas of so many pixels. `look` has what the painting takes beside it: cell,
     * colours, and x, y, colouring, scale, font where they are not the usual ones.
     *
     * @param {Tensor} tensor
     * @param {{width: number, height: number}} size
     * @param {LookOf & Pick<Grid, "cell">} look
     */
    show(tensor, { width, height }, look) {
      shape = tensor.shape;
      view = { x: MARGIN, y: MARGIN, lit: [], ...gridOf(shape), data: tensor.data, ...look };
      here = { row: clamp(here.row, view.rows), column: clamp(here.column, view.columns) };
      shownIn(canvas, width, height);
      canvas.setAttribute("aria-valuemax", String(view.rows * view.columns - 1));
      tellPlace();
      paint();
    },
    /**
     * Outline cells, as for the painting.
     *
     * @param {Place[]} lit
     */
    light(lit) {
      if (!view || (!lit.length && !view.lit.length)) return;
      view = { ...view, lit };
      canvas.dataset.lit = JSON.stringify(lit);
      paint();
    },
    /**
     * The canvas's name, and what it says of the cell that is pointed at.
     *
     * @param {string} name
     * @param {string} text
     */
    say(name, text) {
      canvas.setAttribute("aria-label", name);
      canvas.setAttribute("aria-valuetext", text);
    },
  };
}

/**
 * @param {number} place
 * @param {number} count
 */
const clamp = (place, count) => Math.max(0, Math.min(count - 1, place));
