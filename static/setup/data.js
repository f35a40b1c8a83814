// The controls of the data set: which one, and what it is drawn with.

import { fresh, withDataset } from "./experiment.js";
import { field, numberField, select } from "./fields.js";

const CLOUD = { name: "xor", noise: 0.12 }; // the name under which XOR with noise is chosen: xor_cloud

/** The name under which a data set is chosen. */
export function choiceOf({ name, noise }) {
  if (name !== "xor") return name;
  return noise === 0 ? "xor" : "xor_cloud";
}

/** The names to choose from; a table of one's own only where there is one. */
export function namesOf(datasets, { name }) {
  const others = Object.keys(datasets).filter((each) => each !== "xor");
  return ["xor", "xor_cloud", ...others, ...(name === "table" ? ["table"] : [])];
}

/** The numbers that can be set of a data set: {name, value, limits}. */
export function numbersOf(dataset) {
  const { name, others, examples, noise } = dataset;
  const unseen =
    name === "digits" ? [{ name: "others", value: others ?? 0, limits: { min: 0, max: 20000, step: 1 } }] : [];
  if (!examples || choiceOf(dataset) === "xor") return unseen;
  return [
    ...unseen,
    { name: "noise", value: noise, limits: { min: 0, step: 0.01 } },
    { name: "examples", value: examples, limits: { min: 8, max: 10000, step: 1 } },
  ];
}

/** The controls; `submit(experiment)` begins another run. */
export function dataFields(word, choices, draft, submit) {
  const { dataset } = draft;
  const options = namesOf(choices.datasets, dataset).map((name) => ({ value: name, text: word(`dataset.${name}`) }));
  const pick = (name) => submit(withDataset(choices, draft, name === "xor_cloud" ? CLOUD : { name }));
  const set = (part) => submit(fresh({ ...draft, dataset: { ...dataset, ...part } }));
  const chooser = select(word("data"), choiceOf(dataset), options, pick);
  const number = ({ name, value, limits }) => {
    const control = numberField(word(name), value, limits, (given) => set({ [name]: given }));
    return field(`dataset.${name}`, word(name), control, null, word(`${name}.hint`));
  };
  return [field("dataset.name", word("data"), chooser, null, word("data.hint")), ...numbersOf(dataset).map(number)];
}
