// The controls of the data set: which one, and what it is drawn with.

import { make } from "../base/dom.js";
import { fresh, withDataset } from "./experiment.js";
import { field, numberField, select } from "./fields.js";

/** The name under which a data set is chosen: one that has exact examples and a noise to offer besides has two. */
export const choiceOf = (datasets, { name, noise }) => (datasets[name]?.cloud && noise !== 0 ? `${name}_cloud` : name);

/** The names to choose from; a table of one's own only where there is one. */
export function namesOf(datasets, { name }) {
  const [exact, others] = [true, false].map((wanted) =>
    Object.keys(datasets).filter((each) => Boolean(datasets[each].cloud) === wanted),
  );
  return [...exact.flatMap((each) => [each, `${each}_cloud`]), ...others, ...(name in datasets ? [] : [name])];
}

/** The data set that is chosen under a name, in plain form. */
export function chosenAs(datasets, choice, dataset) {
  if (choice in datasets) return { name: choice };
  const name = Object.keys(datasets).find((each) => `${each}_cloud` === choice);
  return name ? { name, noise: datasets[name].cloud } : dataset;
}

/** The numbers that can be set of a data set: {name, value, limits}. */
export function numbersOf(datasets, dataset) {
  const { name, others, examples, noise } = dataset;
  const source = datasets[name]; // a table has none
  const unseen = source?.others
    ? [{ name: "others", value: others ?? 0, limits: { min: 0, max: source.others, step: 1 } }]
    : [];
  if (!examples || (source?.exact && noise === 0)) return unseen;
  return [
    ...unseen,
    { name: "noise", value: noise, limits: { min: 0, step: 0.01 } },
    { name: "examples", value: examples, limits: { min: 8, max: 10000, step: 1 } },
  ];
}

/** The controls; `submit(experiment)` begins another run, `openOwn()` opens a person's own data. */
export function dataFields(word, choices, draft, { submit, openOwn }) {
  const { dataset } = draft;
  const options = namesOf(choices.datasets, dataset).map((name) => ({ value: name, text: word(`dataset.${name}`) }));
  const pick = (name) => submit(withDataset(choices, draft, chosenAs(choices.datasets, name, dataset)));
  const set = (part) => submit(fresh({ ...draft, dataset: { ...dataset, ...part } }));
  const chooser = select(word("data"), choiceOf(choices.datasets, dataset), options, pick);
  const number = ({ name, value, limits }) => {
    const control = numberField(word(`data.${name}`), value, limits, (given) => set({ [name]: given }));
    return field(`dataset.${name}`, word(`data.${name}`), control, null, word(`data.${name}.hint`));
  };
  const own = make("button", { type: "button", className: "add", textContent: word("data.own") });
  own.title = word("data.own.hint");
  own.addEventListener("click", openOwn);
  return [
    field("dataset.name", word("data"), chooser, null, word("data.hint")),
    ...numbersOf(choices.datasets, dataset).map(number),
    own,
  ];
}
