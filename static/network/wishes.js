// What one example asks of the neurons of a layer, as arrows beside them: one for each neuron above, and their sum.

import { nudgeColour } from "../base/colours.js";
import { centre } from "../draw/layout.js";

const [PITCH, BESIDE, LEAST, MOST] = [10, 10, 4, 8]; // pixels from arrow to arrow, from the circle, and the shortest; arrows
const SHARE = 0.42; // of the way to the next layer that the arrows may take

/** The places of the neurons above that are shown, those that ask the most, in their order. */
function shownOf(above, count) {
  const places = Array.from(above.keys());
  const size = (place) => Math.abs(above[place]);
  return places
    .toSorted((one, other) => size(other) - size(one))
    .slice(0, count)
    .toSorted((one, other) => one - other);
}

/**
 * The marks of an answer, {layer, tensors}, in a layout: each with `sum`, where it stands once all are added up. None of
 * a layer whose neurons are not drawn.
 */
export function wishMarks({ layer, tensors }, layout, colours) {
  const data = (name) => tensors.get(name)?.data;
  const [total, asked] = [data("total"), data("asked")];
  const column = layout.columns[layer];
  if (!column || !total) return [];
  const units = layout.sizes[layer];
  const room = layout.spacing * SHARE - layout.radius;
  const places = asked ? shownOf(data("above"), Math.max(0, Math.min(MOST, Math.floor(room / PITCH) - 1))) : [];
  const values = [...total, ...(asked ?? [])].filter(Number.isFinite).map(Math.abs);
  const full = values.reduce((most, value) => Math.max(most, value), 0) || 1;
  const mark = (tensor, index, value, at, x) => ({
    kind: "wish",
    tensor,
    index,
    value,
    shown: value,
    colour: nudgeColour(colours, -value),
    size: LEAST + (1.6 * layout.radius * Math.min(1, Math.abs(value))) / full,
    width: tensor === "wishes.total" ? 2.6 : 1.4,
    hollow: false,
    x,
    y: at.y,
    sum: at.x + layout.radius + BESIDE,
  });
  return column.shown.flatMap((unit) => {
    const at = centre(layout, layer, unit);
    const first = at.x + layout.radius + BESIDE;
    return [
      mark("wishes.total", [unit], total[unit], at, first),
      ...places.map((place, i) =>
        mark(
          "wishes.asked",
          [data("columns")?.[place] ?? place, unit],
          asked[place * units + unit],
          at,
          first + (i + 1) * PITCH + 3,
        ),
      ),
    ];
  });
}
