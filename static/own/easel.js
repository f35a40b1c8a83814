// The plane on which points are painted: by a pointer, or by the arrow keys and the space bar.

import { classColour, classShape, palette } from "../base/colours.js";
import { make, sized } from "../base/dom.js";
import { paintPoint } from "../draw/plane.js";
import { placesOn, REACH } from "./points.js";

const STEP = 0.05; // of a press of an arrow key, and with shift five times as far
const POINT = 5; // pixels
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @typedef {import("./points.js").Place} Place */

/** @type {(value: number) => number} */
const inside = (value) => Math.max(-1, Math.min(1, value));

/** The lines through the middle. */
function paintAxes(context, size, colours) {
  context.strokeStyle = colours.rule;
  context.lineWidth = 1;
  context.beginPath();
  for (const [x, y, to, down] of [
    [0, size / 2, size, size / 2],
    [size / 2, 0, size / 2, size],
  ]) {
    context.moveTo(x, y);
    context.lineTo(to, down);
  }
  context.stroke();
}

/** The place that the keys have come to: a cross, and of the eraser how far it reaches. */
function paintCursor(context, { x, y }, colours, reach) {
  context.strokeStyle = colours.text;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [across, down] of [
    [9, 0],
    [0, 9],
  ]) {
    context.moveTo(x - across, y - down);
    context.lineTo(x + across, y + down);
  }
  context.stroke();
  if (!reach) return;
  context.beginPath();
  context.arc(x, y, reach, 0, 2 * Math.PI);
  context.stroke();
}

/** Let a pointer paint on a canvas: `begin()`, and `put(place)` for each place of a stroke; of a `path` also between two. */
function paintByPointer(canvas, { begin, put, isPath, point }) {
  let last = null; // the place that a stroke has come to
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true, focusVisible: false });
    canvas.setPointerCapture(event.pointerId);
    last = point(event);
    begin();
    put([last]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const places = isPath() ? placesOn(last, point(each)) : [point(each)];
      if (!places.length) continue;
      last = places.at(-1);
      put(places);
    }
  });
  const end = () => (last = null);
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, end);
}

/**
 * The canvas. `points()` are shown; `erases()` tells whether strokes take points away; `begin()` hears of the beginning of a
 * stroke, `put(places)` of the places that it goes through, and `moved(place)` of where the keys have come to.
 */
export function createEasel(store, { points, erases, begin, put, moved }) {
  const canvas = make("canvas", { tabIndex: 0 });
  canvas.setAttribute("role", "application");
  canvas.dataset.label = "own.easel";
  let cursor = { x: 0, y: 0 };
  let size = 0;

  /** @type {(at: Place) => Place} */
  const onCanvas = ({ x, y }) => ({ x: ((x + 1) / 2) * size, y: ((1 - y) / 2) * size });
  const point = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: inside((2 * (clientX - box.left)) / box.width - 1),
      y: inside(1 - (2 * (clientY - box.top)) / box.height),
    };
  };

  function draw() {
    if (!size) return;
    const colours = palette(canvas);
    const context = sized(canvas, size);
    paintAxes(context, size, colours);
    for (const { label, ...at } of points()) {
      const look = { shape: classShape(label), colour: colours[classColour(label)], size: POINT };
      paintPoint(context, { ...onCanvas(at), ...look, hollow: false, current: false }, colours);
    }
    if (canvas.matches(":focus-visible"))
      paintCursor(context, onCanvas(cursor), colours, erases() ? (REACH / 2) * size : 0);
  }

  paintByPointer(canvas, { begin, put, isPath: () => !erases(), point });
  canvas.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (way) {
      const [across, up] = way.map((each) => each * STEP * (event.shiftKey ? 5 : 1));
      cursor = { x: inside(cursor.x + across), y: inside(cursor.y + up) };
      moved(cursor);
    } else if (event.key === " ") {
      begin();
      put([cursor]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    draw();
  });
  for (const name of ["focus", "blur"]) canvas.addEventListener(name, draw);
  store.life.resized(() => {
    size = canvas.clientWidth;
    draw();
  }, canvas);
  return { canvas, draw };
}
