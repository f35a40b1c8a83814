// Experiments as the panel edits them: plain forms in, plain forms out, always a pair of parts that fit.

import { segmentAt, structural, waitingAt } from "../base/time.js";

/** The losses that may follow an output activation. */
export const lossesAfter = (choices, activation) =>
  Object.keys(choices.losses).filter((name) => choices.losses[name].activations.includes(activation));

/** The experiment with its loss changed where it does not go with the output's activation. */
function withFittingLoss(choices, experiment) {
  const { activation } = experiment.layers.at(-1);
  if (lossesAfter(choices, activation).includes(experiment.loss)) return experiment;
  return { ...experiment, loss: choices.activations[activation].loss };
}

/** The experiment on another data set, with the output layer that the data set needs. */
export function withDataset(choices, experiment, dataset) {
  const source = choices.datasets[dataset.name];
  const last = experiment.layers.at(-1);
  const [outputs] = source.outputs;
  const classifies = choices.losses[experiment.loss].classifies || choices.activations[last.activation].fractions;
  const fits = source.outputs.includes(last.units) && (source.kind === "classes") === classifies;
  const suiting = { units: outputs, activation: source.output_activation };
  const layers = [...experiment.layers.slice(0, -1), fits ? last : suiting];
  const {
    mini_batch_size: _size,
    changes: _changes,
    start: _start,
    drawings: _drawings,
    augment,
    loss,
    ...rest
  } = experiment;
  const lasting = Object.entries(augment ?? {}).filter(([name]) => !choices.for_pictures[name]);
  const kept = lasting.length && { augment: Object.fromEntries(lasting) };
  return { ...rest, dataset, layers, ...kept, ...(fits && { loss }) }; // another output brings the loss that belongs to it
}

/** The experiment with one layer replaced, or taken out where `layer` is null. */
export function withLayer(choices, experiment, place, layer) {
  const layers = experiment.layers.flatMap((each, i) => (i === place ? (layer ?? []) : each));
  const { start: _start, ...rest } = experiment; // a checkpoint fits only the widths that it was made for
  return withFittingLoss(choices, fresh({ ...rest, layers }));
}

/** The experiment with a hidden layer added before the output. */
export function withLayerAdded(choices, experiment) {
  const { residual: _residual, ...before } = experiment.layers.at(-2) ?? choices.hidden_layer;
  const { start: _start, ...rest } = experiment;
  return fresh({ ...rest, layers: [...rest.layers.slice(0, -1), before, rest.layers.at(-1)] });
}

/** Another structure is another run: changes made to the old one do not belong to it. */
export function fresh({ changes: _changes, ...experiment }) {
  return experiment;
}

/** Whether the moment shown is the beginning of a run whose weights have learned nothing yet. */
export const isUntrained = ({ listing, moment }) => moment?.t === 0 && !listing.experiment.start;

/** The learning rate that has been set for t; a schedule may change it from there. */
export function learningRateAt(experiment, t) {
  const set = (experiment.changes ?? [])
    .filter((change) => change.t <= t)
    .map((change) => change.learning_rate ?? change.optimizer?.learning_rate);
  return set.findLast((rate) => rate !== undefined) ?? experiment.optimizer.learning_rate;
}

const withRate = (experiment, learningRate) => ({
  ...experiment,
  optimizer: { ...experiment.optimizer, learning_rate: learningRate },
});

/** The experiment with the settings that are in force at t. */
export function inForceAt(listing, t) {
  const waiting = waitingAt(listing, t);
  const changes = (listing.experiment.changes ?? []).filter((change) => !waiting.includes(change));
  return withRate(segmentAt(listing, t).experiment, learningRateAt({ ...listing.experiment, changes }, t));
}

/** The experiment with the settings that have been asked for by t: those in force, and those that wait. */
function askedAt(listing, t) {
  const { experiment, t: since } = segmentAt(listing, t);
  const waiting = waitingAt(listing, t);
  const next = listing.segments.find((segment) => segment.t > t);
  const all = waiting.length && waiting.length === structural(listing.experiment, since, next.t).length;
  const structures = waiting.map(({ t: _t, ...structure }) => structure);
  const asked = all ? next.experiment : Object.assign({}, experiment, ...structures);
  return withRate(asked, learningRateAt(listing.experiment, t));
}

/** What the next mini-batch after t has been chosen to hold; null where it holds the examples whose turn it is. */
export function chosenNext(listing, t) {
  const { t: since, experiment } = segmentAt(listing, t);
  const asked = waitingAt(listing, t).filter((change) => "next_mini_batch" in change);
  return asked.at(-1)?.next_mini_batch ?? (t === since && !asked.length ? experiment.next_mini_batch : null) ?? null;
}

/**
 * The experiment that another run begins with at t: the settings asked for, without the lesson that is being taught and the
 * mini-batch that has been chosen.
 */
export function settingsAt(listing, t) {
  const { drawings: _lesson, next_mini_batch: _next, start, ...settings } = askedAt(listing, t);
  const { drawings, layers } = listing.experiment;
  const fits = settings.layers.every((layer, i) => !layer.batch_norm || layers[i].batch_norm); // a checkpoint holds no more
  return { ...settings, ...(start && fits && { start }), ...(drawings && { drawings }) };
}

const OF_LAYERS = { activation: "activation", batch_norm: "batch norm", dropout: "dropout", residual: "residual" };
const OF_TRAINING = {
  loss: "loss",
  initializer: "initializer",
  initial_scale: "initial scale",
  schedule: "schedule",
  regularization: "regularization",
  clip_norm: "limit of the norm",
  coupled_weight_decay: "coupled weight decay",
  augment: "augment",
};
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** The nouns of the settings that were other when the run of `first` began, and that `next` has as `settings` has them. */
export function keptSettings(first, settings, next) {
  const kept = (get) => !same(get(first), get(settings)) && same(get(next), get(settings));
  const keptInLayers = (name) => settings.layers.some((_, i) => kept(({ layers }) => layers[i]?.[name]));
  const methodOf = ({ optimizer: { learning_rate: _rate, ...method } }) => method;
  return [
    ...Object.keys(OF_LAYERS)
      .filter(keptInLayers)
      .map((name) => OF_LAYERS[name]),
    ...Object.keys(OF_TRAINING)
      .filter((name) => kept((experiment) => experiment[name]))
      .map((name) => OF_TRAINING[name]),
    ...(kept(methodOf) ? ["optimizer"] : []),
    ...(kept(({ optimizer }) => optimizer.learning_rate) ? ["learning rate"] : []),
  ];
}
