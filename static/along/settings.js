// The settings of an experiment in words, for paper.

import { exact } from "../base/numbers.js";
import { say } from "../base/words.js";

const BOUNDS = ["clip_norm", "coupled_weight_decay"];
const EXTRAS = ["batch_norm", "dropout", "residual"];

/** A number as it is, other values as texts. */
const valueOf = (value) => (typeof value === "number" ? exact(value) : String(value));

/** A method with its settings, such as "Adam, Learning rate 0.01, β₁ 0.9". */
function methodOf(words, group, { name, ...settings }) {
  const each = Object.entries(settings).map(([key, value]) => {
    const called = key === "learning_rate" ? say(words, key) : say(words, `setting.${key}`);
    return `${called} ${valueOf(value)}`;
  });
  return [say(words, `${group}.${name}`), ...each];
}

/** A layer, such as "16 ReLU, batch norm". */
function layerOf(words, layer) {
  const extras = EXTRAS.filter((name) => layer[name]).map((name) =>
    name === "dropout" ? `${say(words, name)} ${valueOf(layer.dropout)}` : say(words, name),
  );
  return [`${layer.units} ${say(words, `activation.${layer.activation}`)}`, ...extras].join(say(words, "list.comma"));
}

/** The settings as pairs of a name and what it is set to. */
export function settingsOf(words, experiment) {
  const { dataset, layers, optimizer, schedule, regularization, augment } = experiment;
  const comma = say(words, "list.comma");
  const listed = (settings, name) =>
    Object.entries(settings)
      .filter(([, value]) => value)
      .map(([key, value]) => `${say(words, name(key))} ${valueOf(value)}`);
  return [
    [say(words, "data"), say(words, `dataset.${dataset.name}`)],
    [say(words, "layers"), layers.map((layer) => layerOf(words, layer)).join(" → ")],
    [say(words, "loss"), say(words, `loss.${experiment.loss}`)],
    [say(words, "optimizer.heading"), methodOf(words, "optimizer", optimizer).join(comma)],
    ...(schedule ? [[say(words, "schedule"), methodOf(words, "schedule", schedule).join(comma)]] : []),
    [say(words, "initializer"), say(words, `initializer.${experiment.initializer}`)],
    [say(words, "mini_batch"), valueOf(experiment.mini_batch_size)],
    [say(words, "seed"), valueOf(experiment.seed)],
    ...(regularization ? [[say(words, "bounds"), listed(regularization, (key) => key).join(comma)]] : []),
    ...BOUNDS.filter((name) => experiment[name]).map((name) => [say(words, name), valueOf(experiment[name])]),
    ...(augment ? [[say(words, "augment"), listed(augment, (key) => `augment.${key}`).join(comma)]] : []),
  ];
}
