// What an experiment has other than another one, in words: the name that a lane has by itself.

import { exact } from "../base/numbers.js";
import { say } from "../base/words.js";
import { same } from "../scene/difference.js";

const METHODS = ["optimizer", "schedule"]; // each with a name, and settings of its own
const EXTRAS = ["batch_norm", "dropout", "residual"];
const BOUNDS = ["l2", "l1"];

/** The layers' activations, each once. @type {(words: any, layers: any[]) => string} */
const activations = (words, layers) =>
  [...new Set(layers.map(({ activation }) => say(words, `activation.${activation}`)))].join("-");

/** What layers have other than others. @type {(words: any, layers: any[], base: any[]) => string[]} */
function layersOf(words, layers, base) {
  const widths = (/** @type {any[]} */ all) => all.map(({ units }) => units).join("-");
  const said = [];
  if (widths(layers) !== widths(base)) said.push(widths(layers));
  const hidden = layers.length > 1 ? layers.slice(0, -1) : layers;
  if (
    !same(
      hidden.map(({ activation }) => activation),
      (base.length > 1 ? base.slice(0, -1) : base).map(({ activation }) => activation),
    )
  )
    said.push(activations(words, hidden));
  const [last, before] = [layers.at(-1), base.at(-1)];
  if (layers.length > 1 && last.activation !== before.activation) said.push(activations(words, [last]));
  for (const name of EXTRAS) {
    const values = (/** @type {any[]} */ all) => all.map((layer) => layer[name] || 0);
    const most = Math.max(...values(layers).map(Number));
    if (!same(values(layers), values(base)))
      said.push(setting(words, say(words, name), name === "dropout" || !most ? most : ""));
  }
  return said;
}

/** A setting with its value, which is "" where its name tells all. */
const setting = (/** @type {any} */ words, /** @type {string} */ name, /** @type {any} */ value) =>
  value === "" ? name : say(words, "lane.setting", { name, value: typeof value === "number" ? exact(value) : value });

/** What a method has other than another one. @type {(words: any, group: string, method: any, base: any) => string[]} */
function methodOf(words, group, method, base) {
  if (!method) return [say(words, "lane.without", { name: say(words, `${group}.${base.name}`) })];
  const said = method.name === base?.name ? [] : [say(words, `${group}.${method.name}`)];
  for (const [name, value] of Object.entries(method)) {
    if (name === "name" || base?.[name] === value) continue;
    if (method.name !== base?.name && name !== "learning_rate") continue; // they come with the method
    said.push(setting(words, say(words, name === "learning_rate" ? name : `setting.${name}`), value));
  }
  return said;
}

/** A change in the course of a run. */
function changeOf(
  /** @type {any} */ words,
  /** @type {any} */ { t, tensor, index, value, ...fields },
  /** @type {any} */ base,
) {
  const what = tensor
    ? [setting(words, index ? `${tensor}[${index}]` : tensor, typeof value === "number" ? value : "")]
    : "learning_rate" in fields
      ? [setting(words, say(words, "learning_rate"), fields.learning_rate)]
      : differences(words, { ...base, ...fields }, base);
  return say(words, "lane.from", { t, what: what.length ? what : [say(words, "lane.other")] });
}

/**
 * What `experiment` has other than `base`, as a list of texts; empty where nothing differs.
 *
 * @param {any} words
 * @param {any} experiment
 * @param {any} base
 * @returns {string[]}
 */
export function differences(words, experiment, base) {
  const differs = (/** @type {string} */ name) => !same(experiment[name] ?? null, base[name] ?? null);
  const said = [];
  if (differs("dataset")) said.push(say(words, `dataset.${experiment.dataset.name}`));
  if (differs("layers")) said.push(...layersOf(words, experiment.layers, base.layers));
  for (const name of ["loss", "initializer"]) if (differs(name)) said.push(say(words, `${name}.${experiment[name]}`));
  if (differs("initial_scale")) said.push(setting(words, say(words, "initial_scale"), experiment.initial_scale ?? 1));
  for (const name of METHODS) if (differs(name)) said.push(...methodOf(words, name, experiment[name], base[name]));
  if (differs("mini_batch_size")) said.push(say(words, "lane.batch", { count: experiment.mini_batch_size }));
  if (differs("seed")) said.push(setting(words, say(words, "seed"), experiment.seed));
  for (const name of BOUNDS) {
    const [value, before] = [experiment, base].map(({ regularization }) => regularization?.[name] ?? 0);
    if (value !== before) said.push(setting(words, say(words, name), value));
  }
  if (differs("clip_norm")) said.push(setting(words, say(words, "clip_norm"), experiment.clip_norm ?? "—"));
  if (differs("coupled_weight_decay"))
    said.push(setting(words, say(words, "coupled_weight_decay"), experiment.coupled_weight_decay ?? 0));
  if (["augment", "start", "drawings", "dtype", "next_mini_batch"].some(differs)) said.push(say(words, "lane.other"));
  const own = (experiment.changes ?? []).filter(
    (/** @type {any} */ each) => !(base.changes ?? []).some((/** @type {any} */ other) => same(each, other)),
  );
  return [...said, ...own.map((/** @type {any} */ change) => changeOf(words, change, { ...experiment, changes: [] }))];
}

/**
 * What a lane is called: its title, or what it has other than the run of the page, or that it is the same.
 *
 * @param {any} words
 * @param {{title: string, experiment: any}} lane
 * @param {any} base
 */
export function calledBy(words, { title, experiment }, base) {
  const found = differences(words, experiment, base);
  return title || (found.length ? found.join(say(words, "list.comma")) : say(words, "lane.same"));
}

/**
 * What the run of the page is called beside the lanes: what it has other than the first of them.
 *
 * @param {any} words
 * @param {any} experiment
 * @param {{experiment: any}[]} lanes
 */
export function runCalled(words, experiment, [first]) {
  const found = first ? differences(words, experiment, first.experiment) : [];
  return found.length ? found.join(say(words, "list.comma")) : say(words, "lane.run");
}
