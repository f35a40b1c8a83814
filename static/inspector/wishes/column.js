// All wishes side by side, a column each neuron above, and beside them the one column that they add up to.

import { createCells, MARGIN } from "../../tensor/cells.js";
import { palette } from "../../base/colours.js";
import { make, shownIn } from "../../base/dom.js";
import { paintBars, paintLabels } from "../../draw/wishes.js";
import { brief, scale, signed } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { unitName } from "./names.js";
import { LABEL, litBy, scalesOf, shareWidth, tableOf } from "./table.js";

const STRIP = 16; // pixels of the wishes above
const PARTS = ["strip", "asked", "skip", "total"];

/** What a cell of each part says of itself, and what it lights: {text, lit}. */
function about({ words, listing, layer, example }, table, part, index) {
  const [row, column] = part === "strip" ? [null, index[1]] : index;
  const neuron = table.units[column];
  const unit = { tensor: `a${layer}`, index: [example, row] };
  const above = { tensor: `a${layer + 1}`, index: [example, neuron] };
  const value = part === "asked" ? table.asked[row * table.units.length + column] : table[part][row ?? column];
  const blanks = {
    value: signed(value),
    unit: row === null ? "" : unitName(words, listing, layer, row),
    above: column === undefined ? "" : unitName(words, listing, layer + 1, neuron),
  };
  if (part === "strip") return { lit: [above], text: say(words, "wishes.cell.strip", blanks) };
  if (part !== "asked") return { lit: [unit], text: say(words, `wishes.cell.${part}`, blanks) };
  const w = brief(table.W[table.places[column] * table.rows + row]);
  return {
    lit: [{ tensor: `W${layer + 1}`, index: [neuron, row] }, unit, above],
    text: say(words, "wishes.cell", { ...blanks, w, wish: signed(table.strip[column]) }),
  };
}

/** A canvas to write beside the cells; `size(width, height)` clears it and gives its context. */
function paper() {
  const canvas = make("canvas", { ariaHidden: "true" });
  return {
    canvas,
    size: (width, height) => shownIn(canvas, width, height),
  };
}

/**
 * The grid in which the cells of each part stand, with what is written beside them: `showBeside(table, full, width, style)`
 * writes the neurons' numbers and the sums as bars, `head(words, skips, columns)` what is above the sums.
 *
 * @param {any} cells by part
 */
function createGrid({ strip, asked, skip, total }) {
  const [across, down, bars] = [paper(), paper(), paper()];
  const [skipHead, sumHead] = [make("small"), make("small")];
  const [gap, plus] = [make("span"), make("b", { textContent: "+" })];
  const grid = make(
    "div",
    { className: "wish-grid" },
    make("span"),
    make("div", { className: "wish-top" }, across.canvas, strip.canvas),
    gap,
    skipHead,
    make("span"),
    sumHead,
    make("span"),
    down.canvas,
    asked.canvas,
    plus,
    skip.canvas,
    make("b", { textContent: "=" }),
    total.canvas,
    bars.canvas,
  );
  return {
    grid,
    showBeside({ rows, cell: [wide, tall], units, total: data }, full, width, { colours, font }) {
      const high = rows * tall + 2 * MARGIN;
      const above = { units, pitch: wide, start: MARGIN, across: true };
      paintLabels(across.size(units.length * wide + 2 * MARGIN, STRIP - 2), above, colours, font);
      const left = { units: Array.from({ length: rows }, (_, row) => row), pitch: tall, start: MARGIN, across: false };
      paintLabels(down.size(LABEL, high), left, colours, font);
      paintBars(bars.size(width, high), { data, pitch: tall, start: MARGIN, width, scale: full }, colours);
    },
    head(words, skips, columns) {
      for (const each of [gap, skipHead, plus, skip.canvas]) each.hidden = !skips;
      grid.style.gridTemplateColumns = columns;
      skipHead.textContent = say(words, "wishes.head.skip");
      sumHead.textContent = say(words, "wishes.head.sum");
    },
  };
}

/** Set up the table: `element`, `show(look)`, and `light(mark)` for what is pointed at in the network. */
export function createTable(store) {
  const said = make("p", { className: "quiet wish-readout" });
  const scales = make("p", { className: "quiet" });
  const element = make("div");
  let [look, table] = [null, null];
  let pointed = null; // the cell that is pointed at here, as {part, index} ...
  let hovered = null; // ... and the mark in the network

  function tell() {
    for (const part of PARTS) cells[part].light([]);
    if (!pointed) {
      said.textContent = say(look.words, "wishes.point");
      cells.asked.light(litBy(hovered, look, table.units));
      return;
    }
    const { part, index } = pointed;
    const { text } = about(look, table, part, index);
    said.textContent = text;
    cells[part].light([{ row: part === "strip" ? 0 : index[0], column: index[1] ?? 0 }]);
    cells[part].say(say(look.words, `wishes.part.${part}`), text);
  }

  function point(part, index) {
    pointed = index && { part, index: part === "strip" || part === "asked" ? index : [index[0]] };
    tell();
    store.set({ lit: pointed ? about(look, table, part, pointed.index).lit : [] });
  }

  const cells = Object.fromEntries(
    PARTS.map((part) => [part, createCells({ pointed: (index) => point(part, index) })]),
  );

  const { grid, showBeside, head } = createGrid(cells);
  element.append(grid, scales, said);

  /** Show a part in so many rows and columns, whose colours are full at a number. */
  function showPart(part, [rows, columns], cell, full, style) {
    const size = { width: columns * cell[0] + 2 * MARGIN, height: rows * cell[1] + 2 * MARGIN };
    cells[part].show({ shape: [rows, columns], data: table[part] }, size, {
      cell,
      colouring: "along",
      scale: full,
      ...style,
    });
    cells[part].say(say(look.words, `wishes.part.${part}`), "");
  }

  function show(given) {
    const size = () => String([look?.layer, table?.rows, table?.units.length]);
    const before = size();
    look = given;
    const { words, listing, layer, found } = look;
    const skips = found.has("skip");
    const { room, beside, columns } = shareWidth(element.clientWidth, skips);
    if (room < 10) return;
    table = tableOf(look, room);
    if (size() !== before) pointed = null; // it is another table
    const { rows, cell, units } = table;
    const style = { colours: palette(element), font: getComputedStyle(element).fontFamily };
    const full = scalesOf(found);
    showBeside(table, full.total, beside.bars, style);
    showPart("strip", [1, units.length], [cell[0], STRIP], full.strip, style);
    showPart("asked", [rows, units.length], cell, full.asked, style);
    for (const part of skips ? ["skip", "total"] : ["total"])
      showPart(part, [rows, 1], [beside.sum, cell[1]], full.total, style);
    head(words, skips, columns);
    const count = listing.sizes[layer + 1];
    scales.textContent = [
      say(words, "wishes.scale", { asked: scale(full.asked), total: scale(full.total), strip: scale(full.strip) }),
      ...(units.length < count ? [say(words, "wishes.columns", { shown: units.length, count })] : []),
    ].join(" ");
    tell();
  }

  return {
    element,
    show,
    light(mark) {
      if (mark === hovered) return;
      hovered = mark;
      if (table && !element.hidden) tell();
    },
  };
}
