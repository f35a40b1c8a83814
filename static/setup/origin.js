// What a run is compared with: the scenario that it began as, or the preset of its data set that it differs least from.

import { difference } from "../scene/difference.js";

const lengthOf = (plain) => JSON.stringify(plain).length;

/** The experiment on offer that `experiment` is compared with, {word, experiment}, `word` being that of its name; or null. */
export function originOf(experiment, scenario, { presets, scenarios }) {
  if (scenario) return { word: `scenario.${scenario}`, experiment: scenarios[scenario].experiment };
  const [nearest] = Object.entries(presets)
    .filter(([, { dataset }]) => dataset.name === experiment.dataset.name)
    .map(([name, each]) => ({ name, each, far: lengthOf(difference(experiment, each)) }))
    .toSorted((one, other) => one.far - other.far);
  return nearest ? { word: `preset.${nearest.name}`, experiment: nearest.each } : null;
}
