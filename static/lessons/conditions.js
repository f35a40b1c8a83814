// The conditions of a step: whether a reader has done what the step asks for.

import { parameterOf } from "../tensor/tensors.js";

/** @import { Cell } from "../tensor/tensors.js" */

/**
 * @typedef {Record<string, any>} Condition {true: expression}, {selected: cell}, or what is to be done, such as {drawn: true}
 * @typedef {{changes: number, drawing: object | null}} Begin how it was when the step was opened
 */

/** @param {any} state */
const changesOf = ({ listing }) => listing?.experiment.changes ?? [];

/**
 * How it is now.
 *
 * @param {any} state
 * @returns {Begin}
 */
export const beginOf = (state) => ({ changes: changesOf(state).length, drawing: state.drawing });

/** What a reader may be asked to do. @type {Record<string, (state: any, begin: Begin) => boolean>} */
const ACTS = {
  played: ({ playing }) => playing,
  changed: (state, { changes }) => changesOf(state).length > changes,
  drawn: ({ drawing }, begin) => drawing !== null && drawing !== begin.drawing,
  taught: (state, { changes }) =>
    changesOf(state)
      .slice(changes)
      .some((/** @type {any} */ change) => change.drawings),
};

/** @param {string} tensor */
const placed = (tensor) => parameterOf(tensor) ?? tensor;

/**
 * Whether what is chosen is a cell, or one of those that agree with it where null stands for any.
 *
 * @param {Cell | null} selected
 * @param {{tensor: string, index?: (number | null)[]}} cell
 */
function isChosen(selected, { tensor, index }) {
  if (!selected || placed(selected.tensor) !== placed(tensor)) return false;
  return !index || index.every((each, axis) => each === null || each === selected.index?.[axis]);
}

/**
 * Whether a condition is met at this moment; `values` are those of the expressions, by their texts.
 *
 * @param {Condition} condition
 * @param {any} state
 * @param {Begin} begin
 * @param {Record<string, any>} values
 */
export function isMet(condition, state, begin, values) {
  if ("true" in condition) return values[condition.true] === true;
  if ("selected" in condition) return isChosen(state.selected, condition.selected);
  const [act] = Object.keys(condition);
  return ACTS[act](state, begin);
}
