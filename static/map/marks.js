// The marks of a map: every number that is drawn, as `backscope.marks()` tells them.

import { tonesOf } from "./looks.js";
import { inOrder } from "./runs.js";

/** What has become of each run, by row and column, and the losses of the curve that is shown. */
export function marksOf({ runs, settings, facts }, shown, colours) {
  const tones = tonesOf(colours);
  const outcomes = inOrder(runs).map(({ column, row, outcome }) => ({
    kind: "map_outcome",
    tensor: "loss",
    index: [row, column],
    value: outcome,
    colour: tones[settings.outcomes.names[outcome]],
    size: 1,
  }));
  const curve = Array.from(shown?.curve ?? [], (value, i) => ({
    kind: "map_loss",
    tensor: "loss",
    index: [facts.steps[i]],
    value,
    colour: colours.text,
    size: 1.8,
  }));
  return [...outcomes, ...curve];
}
