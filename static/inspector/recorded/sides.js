// The sides of a comparison: a tensor as it was recorded, Backscope's own, and their difference, cell by cell.

import { make } from "../../base/dom.js";
import { exact, roundScale } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { colouringOf, reach } from "../../draw/matrix.js";
import { createCellBox } from "../../tensor/cellbox.js";
import { placeOf } from "../../tensor/tensors.js";

const SIDES = ["recorded", "own", "difference"];
const DIFFERENCE = "difference"; // whose numbers are far smaller than those of the others, and so have a scale of their own

/** An element of a tensor, whose numbers come row after row. */
const numberAt = ({ shape, data }, index) => data[index.reduce((place, each, axis) => place * shape[axis] + each, 0)];

/** An element in all of them, {recorded, own, difference}. */
export const numbersAt = (tensors, index) =>
  Object.fromEntries(SIDES.map((name) => [name, numberAt(tensors.get(name), index)]));

/** One of them: its name above its cells. */
function createSide(name, hears) {
  const title = make("figcaption");
  title.dataset.word = `recorded.${name}`;
  const box = createCellBox(hears);
  return { name, box, element: make("figure", { className: "recorded-side" }, title, box.element) };
}

/** The sides; `pointed(index)` hears of the element that is pointed at, or null, and `chosen(index)` of a pressed one. */
export function createSides(hears) {
  const sides = SIDES.map((name) => createSide(name, hears));
  return {
    elements: sides.map(({ element }) => element),

    /** Show the tensors that there are, {recorded, own, difference} by name. */
    show(tensor, tensors, look) {
      const both = SIDES.filter((name) => name !== DIFFERENCE && tensors.has(name));
      const shared = roundScale(Math.max(...both.map((name) => reach(tensors.get(name).data)))) || 1;
      for (const { name, box, element } of sides) {
        const cells = tensors.get(name);
        element.hidden = !cells;
        if (!cells) continue;
        const [colouring, scale] =
          name === DIFFERENCE ? ["along", roundScale(reach(cells.data)) || 1] : [colouringOf(tensor), shared];
        box.show(cells, 0, { ...look, colouring, scale });
      }
    },

    /** Outline an element in all of them, or none, and say it to screen readers by its title. */
    light(words, tensors, index, title) {
      for (const { name, box } of sides) {
        box.light(index ? [placeOf(index)] : []);
        const cells = tensors.get(name);
        if (!cells) continue;
        const text = index ? [title, exact(numberAt(cells, index))].join(": ") : "";
        box.say(say(words, `recorded.${name}`), text);
      }
    },
  };
}
