// The training part of the experiment panel: loss, optimizer, schedule, and what keeps weights and gradients in bounds.

import { make } from "../base/dom.js";
import { fresh, lossesAfter } from "./experiment.js";
import { count } from "../base/numbers.js";
import { field, numberField, select } from "./fields.js";

/** Which of the three a mini-batch of so many of all training examples is. */
const batchKind = (size, all) => (size === all ? "full" : size === 1 ? "one" : "some");

/** A method's plain form: its name, and the settings that it shares with the one before. */
function chosen(methods, name, before) {
  const kept = methods[name].settings
    .filter((setting) => setting.name in before)
    .map((setting) => [setting.name, before[setting.name]]);
  return { name, ...Object.fromEntries(kept) };
}

function settingFields(word, methods, group, plain, set) {
  return methods[plain.name].settings.map((setting) =>
    field(
      `${group}.${setting.name}`,
      word(`setting.${setting.name}`),
      numberField(
        word(`setting.${setting.name}`),
        plain[setting.name] ?? setting.default,
        { min: setting.low, max: setting.high, step: setting.whole ? 1 : "any" },
        (value) => set({ ...plain, [setting.name]: value }),
      ),
      null,
      word(`setting.${setting.name}.hint`),
    ),
  );
}

function lossOptions(word, choices, experiment) {
  const fitting = lossesAfter(choices, experiment.layers.at(-1).activation);
  return Object.entries(choices.losses).map(([name, { activations }]) => {
    const said = word(`loss.${name}`);
    if (fitting.includes(name)) return { value: name, text: said };
    const why = word("loss.needs", { activation: activations.map((each) => word(`activation.${each}`)) });
    return { value: name, text: word("explained", { said, why }), why };
  });
}

/** Where weights can come from: the initialization, a trained network that comes along, the file that was opened. */
function startOptions(word, { trained }, { start }) {
  const names = Object.keys(trained).map((name) => ({
    value: name,
    text: word("start.trained", {
      name: word(`start.${name}`),
      accuracy: word("percent", { number: (100 * trained[name].accuracy).toFixed(1) }),
    }),
  }));
  const opened = start && !(start in trained) ? [{ value: start, text: word("start.file") }] : [];
  return [{ value: "", text: word("start.scratch") }, ...names, ...opened];
}

/** What begins another run: the loss, the weights, the mini-batch and the seed. */
export function startFields(word, choices, experiment, listing, submit) {
  const begin = (part) => submit(fresh({ ...experiment, ...part }));
  const startFrom = (name) =>
    name in choices.trained ? submit(choices.trained[name].experiment) : begin({ start: undefined });
  const size = numberField(word("mini_batch"), experiment.mini_batch_size, { min: 1, step: 1 }, (value) =>
    begin({ mini_batch_size: value }),
  );
  const seed = numberField(word("seed"), experiment.seed, { min: 0, step: 1 }, (value) => begin({ seed: value }));
  const another = make("button", {
    type: "button",
    className: "icon",
    ariaLabel: word("seed.next"),
    title: word("seed.next.hint"),
    textContent: "↻",
  });
  another.addEventListener("click", () => begin({ seed: (experiment.seed + 1) % 2 ** 32 }));
  const scale = numberField(word("initial_scale"), experiment.initial_scale ?? 1, { min: 0 }, (value) =>
    begin({ initial_scale: value, start: undefined }),
  );
  scale.dataset.usual = "1";
  const initializers = choices.initializers.map((name) => ({ value: name, text: word(`initializer.${name}`) }));
  return [
    field(
      "loss",
      word("loss"),
      select(word("loss"), experiment.loss, lossOptions(word, choices, experiment), (loss) => begin({ loss })),
      null,
      word("loss.hint"),
    ),
    field(
      "start",
      word("start"),
      select(word("start"), experiment.start ?? "", startOptions(word, choices, experiment), startFrom),
      null,
      word("start.hint"),
    ),
    field(
      "initializer",
      word("initializer"),
      select(word("initializer"), experiment.initializer, initializers, (initializer) =>
        begin({ initializer, start: undefined }),
      ),
      null,
      word("initializer.hint"),
    ),
    field("initial_scale", word("initial_scale"), scale, null, word("initial_scale.hint")),
    field(
      "mini_batch_size",
      word("mini_batch"),
      size,
      make("small", { textContent: word("of", { count: count(listing.examples.training) }) }),
      word(`mini_batch.${batchKind(experiment.mini_batch_size, listing.examples.training)}.hint`),
    ),
    field("seed", word("seed"), seed, another, word("seed.hint")),
  ];
}

/** The learning rate that has been set; behind it stands the one in force, where a schedule moves it. */
export function rateField(word, rate, setRate) {
  const control = numberField(word("learning_rate"), rate, { min: 0 }, setRate);
  return field("optimizer.learning_rate", word("learning_rate"), control, make("small"), word("learning_rate.hint"));
}

/** The optimizer with its settings, and the schedule of its rate: changed in mid-run, they hold from there on. `first` is
 * the optimizer that the run began with, `rate` the learning rate that has been set. */
export function optimizerFields(word, choices, experiment, first, rate, adjust) {
  const { optimizer } = experiment;
  const schedule = experiment.schedule ?? { name: choices.steady };
  const names = (methods, group) =>
    Object.keys(methods).map((name) => ({ value: name, text: word(`${group}.${name}`) }));
  const usual = (name) => (name === first.name ? first.learning_rate : choices.optimizers[name].learning_rate);
  const pick = (name) =>
    adjust({ optimizer: { ...chosen(choices.optimizers, name, optimizer), learning_rate: usual(name) } });
  const pickSchedule = (name) => adjust({ schedule: chosen(choices.schedules, name, schedule) });
  return [
    field(
      "optimizer.name",
      word("optimizer"),
      select(word("optimizer"), optimizer.name, names(choices.optimizers, "optimizer"), pick),
      null,
      word("optimizer.hint"),
    ),
    ...settingFields(word, choices.optimizers, "optimizer", optimizer, (plain) =>
      adjust({ optimizer: { ...plain, learning_rate: rate } }),
    ),
    field(
      "schedule.name",
      word("schedule"),
      select(word("schedule"), schedule.name, names(choices.schedules, "schedule"), pickSchedule),
      null,
      word("schedule.hint"),
    ),
    ...settingFields(word, choices.schedules, "schedule", schedule, (plain) => adjust({ schedule: plain })),
  ];
}

/** Penalties, the limit of the gradient's norm, and coupled weight decay. */
export function boundsFields(word, experiment, adjust) {
  const { l1 = 0, l2 = 0 } = experiment.regularization ?? {};
  const penalties = (part) => adjust({ regularization: { l1, l2, ...part } });
  const limit = numberField(word("clip_norm"), experiment.clip_norm ?? "", { min: 0, placeholder: "—" }, (value) =>
    adjust({ clip_norm: value === "" ? null : value }),
  );
  const decay = numberField(word("coupled_weight_decay"), experiment.coupled_weight_decay ?? 0, { min: 0 }, (value) =>
    adjust({ coupled_weight_decay: value }),
  );
  return [
    field(
      "regularization.l2",
      word("l2"),
      numberField(word("l2"), l2, { min: 0 }, (value) => penalties({ l2: value })),
      null,
      word("l2.hint"),
    ),
    field(
      "regularization.l1",
      word("l1"),
      numberField(word("l1"), l1, { min: 0 }, (value) => penalties({ l1: value })),
      null,
      word("l1.hint"),
    ),
    field("clip_norm", word("clip_norm"), limit, null, word("clip_norm.hint")),
    field("coupled_weight_decay", word("coupled_weight_decay"), decay, null, word("coupled_weight_decay.hint")),
  ];
}

/** What makes each example come a little different each time: noise on all inputs, and for pictures more. */
export function augmentFields(word, { for_pictures: forPictures }, experiment, looks, adjust) {
  const names = Object.keys(forPictures).filter((name) => looks === "picture" || !forPictures[name]);
  return names.map((name) => {
    const set = (value) => adjust({ augment: { ...experiment.augment, [name]: value } });
    const control = numberField(word(`augment.${name}`), experiment.augment?.[name] ?? 0, { min: 0 }, set);
    return field(`augment.${name}`, word(`augment.${name}`), control, null, word(`augment.${name}.hint`));
  });
}
