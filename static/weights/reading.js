// What the arrays of a file are taken for: the layers, the data set and the loss of the run that they open as.

import { choiceOf, chosenAs, namesOf } from "../setup/data.js";
import { lossesAfter } from "../setup/experiment.js";
import { matricesOf, sidesOf } from "./arrays.js";

/** @import { Stored } from "./arrays.js" */

/**
 * A layer as it is read: the names of its arrays. `transposed` tells that the matrix has a column a neuron.
 *
 * @typedef {object} ReadLayer
 * @property {string} weights
 * @property {boolean} transposed
 * @property {string | null} bias
 * @property {Record<string, string | null> | null} batch_norm
 * @property {string} activation
 */

/**
 * A reading: `dataset` is the name of a choice, "" where none fits.
 *
 * @typedef {{layers: ReadLayer[], dataset: string, loss: string}} Reading
 */

/**
 * What a reading is of: the arrays of the file, the activation that is suggested for `hidden` layers, what the page offers
 * and the listing of the run that is shown.
 *
 * @typedef {{arrays: Stored[], hidden: string, choices: any, run: any}} Of
 */

/** The parts of batch norm; the first two may be missing. */
export const BATCH_NORM = ["gamma", "beta", "running_mean", "running_var"];

/** The numbers of inputs and outputs of the network. @param {Stored[]} arrays @param {Reading} reading */
export const endsOf = (arrays, { layers }) => ({
  inputs: sidesOf(arrays, layers[0]).inputs,
  outputs: sidesOf(arrays, layers[layers.length - 1]).units,
});

/**
 * The names of the data sets that a network with these ends can have, with that of the run that is shown.
 *
 * @param {any} choices
 * @param {any} run its listing
 * @param {{inputs: number, outputs: number}} ends
 */
export function fittingData(choices, run, { inputs, outputs }) {
  const own = run.experiment.dataset;
  const fits = (/** @type {string} */ name) => {
    const record = choices.datasets[chosenAs(choices.datasets, name, own).name];
    if (record) return record.inputs === inputs && record.outputs.includes(outputs);
    return run.sizes[0] === inputs && run.sizes.at(-1) === outputs;
  };
  return namesOf(choices.datasets, own).filter(fits);
}

/**
 * The output activation that a data set suggests for so many outputs: its own for the usual number, the one for several
 * classes where there are more, and that of the run that is shown where the data are its own.
 *
 * @param {any} choices
 * @param {any} run
 * @param {string} dataset
 * @param {number} outputs
 */
export function suggestedOutput(choices, run, dataset, outputs) {
  const record = choices.datasets[chosenAs(choices.datasets, dataset, run.experiment.dataset).name];
  if (!record) return run.experiment.layers.at(-1).activation;
  if (outputs === record.outputs[0]) return record.output_activation;
  return Object.keys(choices.activations).find((name) => choices.activations[name].output_only);
}

/**
 * The same reading with a data set and a loss that fit its layers.
 *
 * @param {Of} of
 * @param {Reading} reading
 * @param {boolean} [suggest] whether the output activation is to be the suggested one
 * @returns {Reading}
 */
export function fitted({ arrays, choices, run }, reading, suggest = false) {
  const ends = endsOf(arrays, reading);
  const names = fittingData(choices, run, ends);
  const kept = names.includes(reading.dataset) ? reading.dataset : (names[0] ?? "");
  const last = reading.layers[reading.layers.length - 1];
  const activation = suggest ? suggestedOutput(choices, run, kept, ends.outputs) : last.activation;
  const losses = lossesAfter(choices, activation);
  const loss = !suggest && losses.includes(reading.loss) ? reading.loss : choices.activations[activation].loss;
  return { layers: [...reading.layers.slice(0, -1), { ...last, activation }], dataset: kept, loss };
}

/**
 * The reading that a file begins with: what the server has found in it, and suggestions.
 *
 * @param {Of} of
 * @param {Omit<ReadLayer, "activation">[]} layers
 */
export function begun(of, layers) {
  const dataset = choiceOf(of.choices.datasets, of.run.experiment.dataset);
  const read = layers.map((layer) => ({ ...layer, activation: of.hidden }));
  return fitted(of, { layers: read, dataset, loss: "" }, true);
}

/** The reading with one layer replaced, or taken out where `layer` is null. @param {Reading} reading */
export const withLayer = (reading, place, layer) => ({
  ...reading,
  layers: reading.layers.flatMap((each, i) => (i === place ? (layer ?? []) : [each])),
});

/**
 * The reading with one layer more, whose matrix is in no layer yet, where there is one.
 *
 * @param {Of} of
 * @param {Reading} reading
 */
export function withLayerAdded({ arrays, hidden }, reading) {
  const matrices = matricesOf(arrays);
  const unused = unusedIn(arrays, reading);
  const { name } = matrices.find((each) => unused.includes(each)) ?? matrices[0];
  const before = reading.layers.map((layer) => ({ ...layer }));
  const last = before[before.length - 1];
  const added = { ...last, weights: name, bias: null, batch_norm: null };
  last.activation = hidden;
  return { ...reading, layers: [...before, added] };
}

/** What the server takes of a reading. @param {Of} of @param {Reading} reading */
export const plainOf = ({ choices, run }, { layers, dataset, loss }) => ({
  layers,
  dataset: chosenAs(choices.datasets, dataset, run.experiment.dataset),
  loss,
});

/** The arrays that are in no layer. @param {Stored[]} arrays @param {Reading} reading */
export function unusedIn(arrays, { layers }) {
  const used = layers.flatMap(({ weights, bias, batch_norm }) => [weights, bias, ...Object.values(batch_norm ?? {})]);
  return arrays.filter(({ name }) => !used.includes(name));
}
