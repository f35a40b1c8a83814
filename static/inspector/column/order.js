// Which places of the column stand in its list and in what order: a part of it or all, as they are or the biggest first.

import { biggestFirst } from "./parameters.js";

/** The order; `dataOf(part)` are the numbers of a tensor, of which the biggest are to be found. */
export function createOrder(dataOf) {
  let parts = [];
  let [start, end] = [0, 0];
  let biggest = false;
  let order = null; // the places as they are sorted; null in their own order

  /** Arrange them anew: the numbers are others. */
  function arrange() {
    order = biggest ? biggestFirst(parts, dataOf, start, end) : null;
  }

  /** Keep to a range of places; null is for all. */
  function narrow(range) {
    ({ start, end } = range ?? { start: 0, end: parts.at(-1).end });
    arrange();
  }

  return {
    arrange,
    narrow,
    begin(given) {
      parts = given;
      narrow(null);
    },
    /** Have the biggest first from now on, or no longer. */
    turn(first) {
      biggest = first;
      arrange();
    },
    length: () => end - start,
    placeIn: (position) => (order ? order[position] : start + position),
    positionOf: (place) => (order ? order.indexOf(place) : place >= start && place < end ? place - start : -1),
    /** The place of a tensor that comes first. */
    firstOf: (part) => (order ? order.find((place) => place >= part.start && place < part.end) : part.start),
  };
}
