// The list of the column: which parameters there are, what has been computed of them, and in which order they stand.

import { ARROWS } from "../../network/arrows.js";
import { roundScale } from "../../base/numbers.js";
import { cellName } from "../../tensor/tensors.js";
import { createOrder } from "./order.js";
import { commonSize, find, indexAt, largestOf, partAt, partsOf, placeOf } from "./parameters.js";

/** An empty list. A place is where a parameter stands in the order of the program, a position where it stands now. */
export function createList() {
  let parts = [];
  let given = null; // the tensors that are shown, and
  let [arrows, scale] = [ARROWS.nudge, 1]; // what the arrows mean and the bars are drawn to
  let common = null; // the size that all numbers have

  const tensorOf = ({ name }) => arrows.letter + name;
  const dataOf = (part) => given?.get(tensorOf(part))?.data;
  const order = createOrder(dataOf);

  return {
    ...order,
    /** The parameters of a structure, of which nothing is there yet. */
    begin(sizes, layers) {
      parts = partsOf(sizes, layers);
      order.begin(parts);
    },
    /** Take other tensors, or another meaning of the arrows. Tells whether they are others. */
    take(tensors, meaning) {
      if (tensors === given && meaning === arrows) return false;
      [given, arrows] = [tensors, meaning];
      scale = roundScale(largestOf(given?.values() ?? []));
      common = commonSize(given?.values() ?? []);
      order.arrange();
      return true;
    },
    /**
     * The contents: tensors, number of rows, meaning and scale of the arrows, the `common` size of all numbers, or null, and
     * the tensors that are still `due`.
     */
    contents: () => ({
      parts,
      length: order.length(),
      arrows,
      scale,
      common,
      due: parts.filter((part) => !dataOf(part)).map(tensorOf),
      there: given !== null,
    }),
    /** The row at a position: its place, name and value, undefined where that is due, and the tensor that it is of. */
    rowAt(position) {
      const place = order.placeIn(position);
      const part = partAt(parts, place);
      return {
        position,
        length: order.length(),
        place,
        name: cellName(part.name, indexAt(part, place)),
        tensor: tensorOf(part),
        value: dataOf(part)?.[place - part.start],
        arrows,
        scale,
      };
    },
    /** The mark of the network at a place, and the place of one, or null. */
    markAt(place) {
      const part = partAt(parts, place);
      return { tensor: `d${part.name}`, index: indexAt(part, place) };
    },
    placeOf: (mark) => placeOf(parts, mark),
    /** What a search finds, by the name that the page has for a layer. */
    find: (text, layerName) => find(parts, text, layerName),
  };
}
