// The pen by keys: while the pad has the focus, the arrow keys move it, space sets it down and lifts it.

import { GRID, PENS } from "./strokes.js";

/** The ways of the keys, [right, down]; the four corners of the block with Home and End go aslant. @type {Record<string, [number, number]>} */
const WAYS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};
const [SQUARES, FAR] = [28, 4]; // across the pad, one of which a key goes, or so many with shift
const DASH = 3; // pixels

const inside = (/** @type {number} */ place) => Math.max(0, Math.min(SQUARES - 1, place));

/** The square, {column, row}, that a key leads to from another; null where it leads nowhere. */
export function ledTo({ column, row }, { key, shiftKey }) {
  const way = WAYS[key];
  if (!way) return null;
  const far = shiftKey ? FAR : 1;
  return { column: inside(column + way[0] * far), row: inside(row + way[1] * far) };
}

/** The middle of a square, as shares of the pad, on the grid of points. */
export function middleOf({ column, row }) {
  const [x, y] = [column, row].map((place) => Math.round(((place + 0.5) / SQUARES) * GRID) / GRID);
  return { x, y };
}

/** Paint the pen: a ring as wide as its stroke, whole while it is down, with the four ways that it can go. */
function paintPen(context, { x, y }, isDown, radius, { text, paper }) {
  for (const [width, colour] of [
    [4, paper],
    [1.6, text],
  ]) {
    Object.assign(context, { lineWidth: width, strokeStyle: colour });
    context.setLineDash(isDown ? [] : [DASH, DASH]);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const [across, down] of [WAYS.ArrowLeft, WAYS.ArrowRight, WAYS.ArrowUp, WAYS.ArrowDown]) {
      context.moveTo(x + across * (radius + 3), y + down * (radius + 3));
      context.lineTo(x + across * (radius + 8), y + down * (radius + 8));
    }
    context.stroke();
  }
}

/**
 * Have the keys draw on `canvas`. `begin(point)` begins a stroke, `extend(point)` has it go on, `undo()` takes the last one
 * back; `pen()` is the pen's name, `moved(what, square)` hears of what the pen has done ("up", "down", "undone" or "gone") and
 * of the square that it is in, {column, row}, counted from 1. `paint(context, size, colours)` paints the pen while the keys have it.
 */
export function drawByKeys(canvas, { begin, extend, undo, pen, moved }) {
  let square = { column: SQUARES / 2, row: SQUARES / 4 };
  let isDown = false;
  let isHeld = false; // whether the pad was reached by keys: else they play and step

  const tell = (/** @type {string} */ what = isDown ? "down" : "up") =>
    moved(what, { column: square.column + 1, row: square.row + 1 });

  function put(down) {
    isDown = down;
    if (down) begin(middleOf(square));
    tell();
  }

  canvas.addEventListener("focus", () => {
    isHeld = canvas.matches(":focus-visible");
    if (isHeld) tell();
  });
  canvas.addEventListener("blur", () => {
    isHeld = isDown = false;
    moved("gone");
  });
  canvas.addEventListener("pointerdown", () => {
    isHeld = isDown = false; // the pointer draws, and the keys are the page's
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() === "z") isDown = false; // a stroke is taken back
      return;
    }
    if (!isHeld) return;
    const to = ledTo(square, event);
    if (to) {
      square = to;
      if (isDown) extend(middleOf(square));
      tell();
    } else if (event.key === " " || event.key === "Enter") {
      if (!event.repeat) put(!isDown);
    } else if (event.key === "Backspace" || event.key === "Delete") {
      isDown = false;
      undo();
      tell("undone");
    } else if (event.key === "Escape" && isDown) put(false);
    else return;
    event.preventDefault();
  });

  return {
    paint(context, size, colours) {
      if (!isHeld) return;
      const { x, y } = middleOf(square);
      paintPen(context, { x: x * size, y: y * size }, isDown, (PENS[pen()] * size) / 2, colours);
    },
  };
}
