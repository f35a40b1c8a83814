// What a small picture of wishes says of itself and lights: a neuron's, or one pixel of it; and how large the others are.

import { MARGIN } from "../../tensor/cells.js";
import { PICTURE } from "../../draw/layout.js";
import { brief, signed } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { unitName } from "./names.js";

const SIDE = 28;
const [SMALLEST, LARGEST, BETWEEN] = [4, 8, 14]; // pixels of a cell of the large pictures, and between the two

/** The neuron whose picture stands at a place. */
export const neuronAt = ({ found }, place) => found.get("columns")?.data[place] ?? place;

/** Of a picture's place, and of a `cell` of it where there is one: {text, lit}; nothing of null. */
export function aboutTile(look, at) {
  if (!at) return { text: undefined, lit: [] };
  const { words, listing, found, example } = look;
  const data = (name) => found.get(name).data;
  const neuron = neuronAt(look, at.place);
  const above = unitName(words, listing, 1, neuron);
  const wish = signed(data("above")[neuron]);
  const own = { tensor: "a1", index: [example, neuron] };
  if (at.cell === undefined) return { text: say(words, "wishes.cell.strip", { above, value: wish }), lit: [own] };
  const flat = at.place * PICTURE + at.cell;
  const unit = unitName(words, listing, 0, at.cell);
  const [value, w] = [signed(data("asked")[flat]), brief(data("W")[flat])];
  return {
    text: say(words, "wishes.cell", { unit, above, wish, value, w }),
    lit: [own, { tensor: "W1", index: [neuron, at.cell] }],
  };
}

/** The same of a pixel of the input ("a") or of the sum ("total"), by its [row, column]. */
export function aboutPixel({ words, listing, found, example }, name, index) {
  if (!index) return { text: undefined, lit: [] };
  const k = index[0] * SIDE + index[1];
  const value = (name === "total" ? signed : brief)(found.get(name).data[k]);
  const unit = unitName(words, listing, 0, k);
  return { text: say(words, `wishes.cell.${name}`, { unit, value }), lit: [{ tensor: "a0", index: [example, k] }] };
}

/** The pixels of a cell of each of the two large pictures, in a room of so many. */
export const largeCell = (width) =>
  Math.max(SMALLEST, Math.min(LARGEST, Math.floor(((width - BETWEEN) / 2 - 2 * MARGIN) / SIDE)));
