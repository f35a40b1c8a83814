// What is chosen in the network, as a lesson names it: its cell, and the numbers that go with it.

import { split } from "../tensor/tensors.js";

const ABOUT_PARAMETER = ["", "d", "u"]; // what goes with a parameter: its value, its gradient, what the update adds
const ABOUT_NEURON = ["a", "z", "delta", "slope", "da"];
const ALWAYS = ["loss", "t", "learning_rate", "parameters()"];
/** @type {Record<string, string>} */
const FORMATS = { t: "d", "parameters()": "d", loss: ".3f", learning_rate: "" };

/**
 * A cell as a lesson names it, such as "W2[0,1]"; where its index has null, any.
 *
 * @param {{tensor: string, index?: (number | null)[]}} cell
 */
export const named = ({ tensor, index }) =>
  index?.length ? `${tensor}[${index.map((each) => each ?? ":").join(",")}]` : tensor;

/**
 * The name of the cell that is chosen; null where none is, or one that this run does not have.
 *
 * @param {{selected: any, listing: any}} state
 */
export function chosenOf({ selected, listing }) {
  if (!selected?.index || !listing?.tensors[selected.tensor]) return null;
  return named(parameter(selected) ?? selected);
}

/** The parameter that is chosen by its gradient. @param {any} selected */
function parameter({ kind, tensor, index }) {
  return kind === "parameter" && tensor.startsWith("d") ? { tensor: tensor.slice(1), index } : null;
}

/**
 * The expressions whose numbers are of use for what is chosen, with those that always are.
 *
 * @param {{selected: any, listing: any}} state
 * @returns {string[]}
 */
export function numbersOf(state) {
  const cell = chosenOf(state);
  if (cell === null) return ALWAYS;
  const { tensors } = state.listing;
  const [, tensor, index] = cell.match(/^(\w+)(.*)$/);
  const [, layer] = split(tensor);
  const names =
    state.selected.kind === "parameter"
      ? ABOUT_PARAMETER.map((letter) => letter + tensor).filter((name) => name.startsWith("u") || tensors[name])
      : ABOUT_NEURON.map((kind) => kind + layer).filter((name) => tensors[name]);
  return [...names.map((name) => name + index), ...ALWAYS];
}

/** An expression as prose has its number. @param {string} expression */
export const reference = (expression) => {
  const format = FORMATS[expression] ?? "+.2f";
  return `{${expression}${format && `:${format}`}}`;
};

/**
 * The comparison with 0 that holds of a number now; null where there is none.
 *
 * @param {string} expression
 * @param {number | null} value
 */
export function comparisonOf(expression, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  if (["t", "parameters()"].includes(expression)) return `${expression} == ${value}`;
  if (expression === "loss") return `loss < ${(Math.floor(100 * value) + 1) / 100}`;
  return `${expression} ${value > 0 ? ">" : value < 0 ? "<" : "=="} 0`;
}
