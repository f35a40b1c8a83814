// The drawing of a map: its runs in the tones and hatchings of what has become of them, the axes, and what is pointed at.

import { nameOf, shareOf, ticksOf } from "./axes.js";
import { hatchingOf, tonesOf } from "./looks.js";
import { inOrder } from "./runs.js";

const ROOM = { left: 62, right: 10, top: 8, bottom: 42 };

/** Where the runs lie on a canvas of this size. */
export const roomOf = ({ width, height }) => ({
  left: ROOM.left,
  top: ROOM.top,
  width: Math.max(40, width - ROOM.left - ROOM.right),
  height: Math.max(40, height - ROOM.top - ROOM.bottom),
});

/** The left, top, width and height of a block of cells, whose lowest row and leftmost column are these. */
function boxOf(room, side, column, row, block = 1) {
  const [wide, high] = [room.width / side, room.height / side];
  return [room.left + column * wide, room.top + room.height - (row + block) * high, block * wide, block * high];
}

/** Where a value lies along an axis, in cells from its beginning: whole runs lie in the middles of their cells. */
const along = (axis, value, side) => 0.5 + shareOf(axis, value) * (side - 1);

/** Paint the runs. `names` are those of the outcomes. */
export function paintRuns(context, { runs, names, colours, size }) {
  const room = roomOf(size);
  const [tones, hatchings] = [tonesOf(colours), names.map((name) => hatchingOf(name, colours))];
  context.fillStyle = colours.surface;
  context.fillRect(room.left, room.top, room.width, room.height);
  for (const { column, row, outcome, block } of inOrder(runs)) {
    const [left, top, wide, high] = boxOf(room, runs.side, column, row, block);
    const [x, y] = [left, top].map(Math.floor);
    const box = [x, y, Math.ceil(left + wide) - x, Math.ceil(top + high) - y]; // no gaps between cells
    for (const fill of [tones[names[outcome]], hatchings[outcome]]) {
      context.fillStyle = fill;
      context.fillRect(...box);
    }
  }
}

/** Paint both axes: their ticks and their names. */
export function paintAxes(context, { runs: { side }, axes, words, colours, font, size }) {
  const room = roomOf(size);
  const bottom = room.top + room.height;
  Object.assign(context, { font: `11px ${font}`, fillStyle: colours.muted, strokeStyle: colours.rule, lineWidth: 1 });
  context.strokeRect(room.left - 0.5, room.top - 0.5, room.width + 1, room.height + 1);
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  for (const [value, text] of ticksOf(axes.x)) {
    const x = room.left + (along(axes.x, value, side) * room.width) / side;
    context.fillRect(x - 0.5, bottom, 1, 4);
    context.fillText(text, x, bottom + 7);
  }
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  for (const [value, text] of ticksOf(axes.y)) {
    const y = bottom - (along(axes.y, value, side) * room.height) / side;
    context.fillRect(room.left - 4, y - 0.5, 4, 1);
    context.fillText(text, room.left - 7, y);
  }
  Object.assign(context, { fillStyle: colours.text, textAlign: "center", textBaseline: "bottom" });
  context.fillText(nameOf(words, axes.x.field), room.left + room.width / 2, size.height - 2);
  context.save();
  context.translate(2, room.top + room.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(nameOf(words, axes.y.field), 0, 0);
  context.restore();
}

/** A ring where the page's own run lies, if it lies on the map. */
export function paintOwn(context, { runs: { side }, axes, colours, size }) {
  if (![axes.x, axes.y].every((axis) => axis.value !== null && axis.value >= axis.low && axis.value <= axis.high))
    return;
  const room = roomOf(size);
  const x = room.left + (along(axes.x, axes.x.value, side) * room.width) / side;
  const y = room.top + room.height - (along(axes.y, axes.y.value, side) * room.height) / side;
  for (const [strokeStyle, lineWidth] of [
    [colours.paper, 5],
    [colours.text, 2],
  ]) {
    Object.assign(context, { strokeStyle, lineWidth });
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A frame around the cell that is pointed at. */
export function paintPointer(context, { column, row }, { runs: { side }, colours, size }) {
  const [left, top, wide, high] = boxOf(roomOf(size), side, column, row);
  for (const [strokeStyle, lineWidth, by] of [
    [colours.paper, 4, 2],
    [colours.now, 2, 2],
  ]) {
    Object.assign(context, { strokeStyle, lineWidth });
    context.strokeRect(left - by, top - by, wide + 2 * by, high + 2 * by);
  }
}

/** The cell at a place of the canvas; null beside all of them. */
export function cellAt([x, y], side, size) {
  const room = roomOf(size);
  const column = Math.floor(((x - room.left) / room.width) * side);
  const row = Math.floor(((room.top + room.height - y) / room.height) * side);
  return [column, row].every((each) => each >= 0 && each < side) ? { column, row } : null;
}
