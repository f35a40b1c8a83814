// One operand of a micro-step: a tensor as a small grid with its index letters on its axes.

import { createCells, MARGIN } from "../../tensor/cells.js";
import { make } from "../../base/dom.js";
import { colouringOf, pooled, reach } from "../../draw/matrix.js";
import { roundScale, scale as scaleText } from "../../base/numbers.js";
import { grid } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

const [WIDEST, HIGHEST] = [106, 84]; // pixels of a grid without numbers
const [MOST_COLUMNS, MOST_ROWS, PRINTED] = [4, 6, [38, 20]]; // cells of a grid with numbers, and pixels of each
const SQUARE = 16; // the most pixels of a cell without its number

/** A cell's [width, height]: with its number where there is room, else as large as the grid may be. */
function cellSize({ rows, columns }) {
  if (columns <= MOST_COLUMNS && rows <= MOST_ROWS) return PRINTED;
  return [Math.min(SQUARE, WIDEST / columns), Math.min(SQUARE, HIGHEST / rows)];
}

/** The canvas of a grid: {width, height}. */
function sizeOf({ rows, columns }) {
  const [width, height] = cellSize({ rows, columns });
  return { width: Math.ceil(columns * width) + 2 * MARGIN, height: Math.ceil(rows * height) + 2 * MARGIN };
}

/** The shape that a tensor has, or will have. */
const shapeOf = ({ listing, moment }, tensor) =>
  listing.tensors[tensor].map((axis) => (axis === "example" ? moment.examples : listing.sizes[axis]));

function layOut(title, letters, canvas, note) {
  const axis = (className, text) => make("span", { className, textContent: text, ariaHidden: "true" });
  const across = axis("across", letters.length ? `${letters.at(-1)} →` : "");
  const down = axis("down", letters.length > 1 ? `${letters[0]} ↓` : "");
  return make(
    "figure",
    { className: "operand" },
    make("figcaption", { textContent: title }),
    across,
    down,
    canvas,
    note,
  );
}

/**
 * An operand, {tensor, letters}, of the side "reads" or "writes"; `twice` where the step both reads and writes it.
 * `pointed` and `chosen` are called with it and an index, as those of its cells. `shown` is its tensor, null until filled.
 */
export function createOperand(state, { tensor, letters }, side, twice, { pointed, chosen }) {
  const { words } = state;
  const name = twice ? say(words, `step.${side}`, { tensor }) : tensor;
  const title = letters.length ? `${name} [${letters.join(", ")}]` : name;
  const note = make("small");
  const cells = createCells({ pointed: (index) => pointed(operand, index), chosen: (index) => chosen(operand, index) });
  const element = layOut(title, letters, cells.canvas, note);
  const shape = shapeOf(state, tensor);
  const { width, height } = sizeOf(grid(shape));
  element.dataset.tensor = tensor;
  Object.assign(cells.canvas.style, { width: `${width}px`, height: `${height}px` }); // so that nothing jumps when it comes
  cells.canvas.classList.add("unread");

  const operand = {
    side,
    tensor,
    letters,
    name,
    shape,
    element,
    shown: null,
    light: cells.light,
    say: (text) => cells.say(title, text),
    fill(found, colours) {
      cells.canvas.classList.toggle("unread", !found);
      if (!found || operand.shown?.data === found.data) return;
      operand.shown = found;
      const { rows, columns } = grid(found.shape);
      const cell = cellSize({ rows, columns });
      const scale = roundScale(reach(found.data));
      const font = getComputedStyle(element).fontFamily;
      cells.show(found, sizeOf({ rows, columns }), { cell, scale, colours, font, colouring: colouringOf(tensor) });
      const [across, down] = cell.map(pooled);
      note.textContent = across * down > 1 ? say(words, "step.pooled", { across, down }) : "";
      element.firstChild.title = say(words, "matrix.full", { scale: scaleText(scale) });
    },
  };
  return operand;
}
