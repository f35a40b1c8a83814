// The drawing surface: ink by mouse, pen, finger or keys, stroke by stroke, over a picture where one has been put there.

import { sized } from "../base/dom.js";
import { inkOf } from "./coverage.js";
import { drawByKeys } from "./pen_keys.js";
import { GRID, paintItems, PENS } from "./strokes.js";

export const SIDE = 140; // pixels of the drawing as it is sent: five for each one that the network sees

const NEAR = 4; // units of the grid: shorter moves do not lengthen a stroke

const CONTROLS = "button, input, label, a, select";

/**
 * Set up the surface on `canvas`. A stroke may begin outside of it, in `around`, and come in. `drawn()` is what is there,
 * the oldest first: strokes, {points, width}, and pictures, {picture, label}; `draw(items)` puts another list in its
 * place. `pen()` is the name of the pen and `colours()` gives the theme's; `painted(context, size)` may paint over the
 * ink, `began()` hears of each stroke that begins, and `moved(what, square)` of the pen as keys move it. `presses` is where
 * every press ends, wherever it began.
 */
export function createSurface(canvas, around, { life, presses, drawn, draw, pen, colours, painted, began, moved }) {
  const context = canvas.getContext("2d");
  let pointer = null; // the one that draws; what other fingers do meanwhile is not drawn
  let coming = false; // whether a button was pressed outside, and the pen may come in

  function paint() {
    const size = canvas.clientWidth;
    if (!size) return;
    sized(canvas, size);
    paintItems(context, drawn(), size, colours().ink);
    painted(context, size);
    keys.paint(context, size, colours());
  }

  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    const onGrid = (share) => Math.round(share * GRID) / GRID;
    return { x: onGrid((event.clientX - box.left) / box.width), y: onGrid((event.clientY - box.top) / box.height) };
  }

  function beginAt(point) {
    began();
    draw([...drawn(), { points: [point], width: PENS[pen()] }]);
  }

  function begin(event) {
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    beginAt(pointOf(event));
  }

  /** Have the last stroke have other points. */
  const redraw = (points) => draw([...drawn().slice(0, -1), { ...drawn().at(-1), points }]);

  /** Have the stroke go on to where the pen has moved, by steps of more than `near` units of the grid. */
  function extend(event, near = NEAR) {
    const stroke = drawn().at(-1);
    const events = event.getCoalescedEvents?.() ?? [];
    const points = [...stroke.points];
    for (const point of (events.length ? events : [event]).map(pointOf)) {
      const { x, y } = points.at(-1);
      if (Math.max(Math.abs(point.x - x), Math.abs(point.y - y)) * GRID > near) points.push(point);
    }
    if (points.length > stroke.points.length) redraw(points);
  }

  const undo = () => drawn().length && pointer === null && draw(drawn().slice(0, -1));

  const keys = drawByKeys(canvas, {
    begin: beginAt,
    extend: (point) => redraw([...drawn().at(-1).points, point]),
    undo,
    pen,
    moved(what, square) {
      paint();
      moved(what, square);
    },
  });

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.button && pointer === null) begin(event);
  });
  around.addEventListener("pointerdown", ({ target, button }) => {
    coming = !button && target !== canvas && !target.closest(CONTROLS);
  });
  canvas.addEventListener("pointerenter", (event) => {
    if (coming && pointer === null && event.buttons === 1) begin(event);
  });
  canvas.addEventListener("pointermove", (event) => pointer === event.pointerId && extend(event));
  canvas.addEventListener("pointerup", (event) => {
    if (pointer !== event.pointerId) return;
    extend(event, 0); // a quick stroke may end where no move has told of
    pointer = null;
  });
  for (const end of ["pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, (event) => {
      if (pointer === event.pointerId) pointer = null;
    });
  }
  life.listen(presses, "pointerup", () => {
    coming = false;
  });
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
  life.resized(paint, canvas);

  return {
    paint,
    get hidden() {
      return canvas.clientWidth === 0;
    },
    /** The picture on the pad, {picture, label}; null where there is none, or ink over it. */
    get untouched() {
      return drawn().at(-1)?.picture ? drawn().at(-1) : null;
    },
    ink: () => inkOf(drawn(), SIDE),
    put: (picture) => draw([picture]),
    undo,
    clear: () => draw([]),
  };
}
