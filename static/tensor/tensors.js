// The tensors by their names: which kind and layer, what a cell is called, and which of them one scale makes sense for.

/** @import { Axis } from "../base/types.js" */

/** @typedef {{tensor: string, index?: number[]}} Cell A cell of a tensor, or all of it. */

const COMPANION = /^(?:mhat|vhat|gtilde|[dgcmvue])(?=(?:W|b|gamma|beta)\d)/;

/** What may share a scale: numbers of one sort, by the kinds of their tensors. */
const FAMILIES = [
  ["a", "f", "kept", "x"],
  ["z", "ztilde", "mean", "running_mean"],
  ["zhat"],
  ["var", "running_var"],
  ["slope"],
  ["mask"],
  ["da", "delta", "df", "dztilde"],
  ["W", "b", "gamma", "beta"],
  ...["d", "g", "c", "gtilde", "m", "v", "mhat", "vhat", "u"].map((letter) =>
    ["W", "b", "gamma", "beta"].map((kind) => letter + kind),
  ),
];

/**
 * A tensor's kind and layer: ["dW", 2] of "dW2", ["loss", null] of "loss".
 *
 * @param {string} name
 * @returns {[kind: string, layer: number | null]}
 */
export function split(name) {
  const [, kind, layer] = name.match(/^(\D+)(\d+)?$/);
  return [kind, layer === undefined ? null : Number(layer)];
}

/**
 * The parameter that a tensor is or goes with: "W1" of "W1", "dW1" and "mW1"; null of others.
 *
 * @param {string} name
 * @returns {string | null}
 */
export function parameterOf(name) {
  const parameter = name.replace(COMPANION, "");
  return /^(W|b|gamma|beta)\d+$/.test(parameter) ? parameter : null;
}

/**
 * The tensors of `names` that share a scale with one: itself ("tensor"), or its family in its layer or in all; by layer.
 *
 * @param {string} name
 * @param {string} scope
 * @param {string[]} names
 * @returns {string[]}
 */
export function spanned(name, scope, names) {
  if (scope === "tensor") return [name];
  const [kind, layer] = split(name);
  const family = FAMILIES.find((kinds) => kinds.includes(kind)) ?? [kind];
  const shares = (/** @type {string} */ each) => {
    const [other, its] = split(each);
    return family.includes(other) && (scope === "network" || its === layer);
  };
  return names.filter(shares).toSorted((one, other) => split(one)[1] - split(other)[1]);
}

/**
 * How many rows and columns a tensor of this shape is shown with: a vector is one row, a scalar one cell.
 *
 * @param {number[]} shape
 */
export const grid = (shape) => ({ rows: shape.length > 1 ? shape[0] : 1, columns: shape.at(-1) ?? 1 });

/**
 * The index of a cell of the grid, for a tensor of so many axes.
 *
 * @param {{row: number, column: number}} cell
 * @param {{length: number}} shape
 * @returns {number[]}
 */
export const indexOf = ({ row, column }, { length }) => [row, column].slice(2 - length);

/**
 * The cell of the grid that has this index; where a part of it is null, all rows or columns.
 *
 * @param {(number | null)[]} index
 */
export const placeOf = (index) => ({ row: index.length > 1 ? index[0] : 0, column: index.length ? index.at(-1) : 0 });

/**
 * A cell's name, such as "W1[2, 1]".
 *
 * @param {string} tensor
 * @param {number[]} index
 */
export const cellName = (tensor, index) => (index.length ? `${tensor}[${index.join(", ")}]` : tensor);

/**
 * Where a mark of the network, {tensor, index}, is in another tensor: an index with null for any; null where it is not
 * there. A parameter is where its companions are, a neuron wherever an axis counts the neurons of its layer.
 *
 * @param {Cell} mark
 * @param {string} tensor
 * @param {Record<string, Axis[]>} tensors
 * @returns {(number | null)[] | null}
 */
export function within(mark, tensor, tensors) {
  if (!tensors[tensor]) return null;
  if (mark.tensor === tensor) return mark.index ?? tensors[tensor].map(() => /** @type {number | null} */ (null));
  if (!mark.index || !tensors[mark.tensor]) return null;
  const parameter = parameterOf(mark.tensor);
  if (parameter) return parameterOf(tensor) === parameter ? mark.index : null;
  const known = new Map(tensors[mark.tensor].map((axis, place) => [axis, mark.index[place]]));
  const counts = tensors[tensor].some((axis) => axis !== "example" && known.has(axis));
  return counts ? tensors[tensor].map((axis) => known.get(axis) ?? null) : null;
}

/**
 * What choosing a cell of a tensor chooses in the network, for the store: a parameter, or a neuron and the example that
 * it is seen for (`example` where the tensor tells none); null where there is no such thing.
 *
 * @param {string} tensor
 * @param {number[]} index
 * @param {Record<string, Axis[]>} tensors
 * @param {number} example
 */
export function choiceOf(tensor, index, tensors, example) {
  const parameter = parameterOf(tensor);
  if (parameter)
    return { selected: { kind: "parameter", tensor: tensor === `d${parameter}` ? tensor : parameter, index } };
  const axis = tensors[tensor].findIndex((each) => each !== "example");
  if (axis < 0) return null;
  const [layer, unit] = [tensors[tensor][axis], index[axis]];
  const shown = axis ? index[0] : example;
  return { example: shown, selected: { kind: "activation", tensor: `a${layer}`, index: [shown, unit], layer, unit } };
}
