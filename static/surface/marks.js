// The marks of a surface: every number that is drawn, as `backscope.marks()` tells them.

import { FIRST_LANE } from "../lab/names.js";

/** The losses of the ground that is drawn, and of each moment of a path its true loss and that of the surface below it. */
export function marksOf({ paths }, drawing) {
  const { ground, lane, toneOf } = drawing;
  const losses = Array.from(ground.losses, (value, place) => ({
    kind: "surface_loss",
    tensor: "loss",
    index: [Math.floor(place / ground.side), place % ground.side],
    value,
    colour: toneOf(value),
    size: 1,
  }));
  const points = paths.flatMap(({ run, points: moments }) => {
    const { name, colour } = lane(run);
    return moments.flatMap(({ t, loss, below }) =>
      [
        ["path_loss", loss],
        ["path_below", below],
      ].map(([kind, value]) => ({
        kind,
        tensor: "loss",
        index: [t],
        value,
        colour,
        size: 2.4,
        ...(name !== FIRST_LANE && { lane: name }),
      })),
    );
  });
  return [...losses, ...points];
}
