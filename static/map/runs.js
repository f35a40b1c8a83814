// The runs of a map that are there: what has become of each, its curve, and the run at a place.

/**
 * A run: its column and row, its outcome as a place in the list of outcomes, the losses of its curve, and how many cells on
 * a side it stands for until finer ones are there.
 *
 * @typedef {{column: number, row: number, outcome: number, curve: Float32Array, block: number}} Run
 *
 * @typedef {object} Runs
 * @property {number} side
 * @property {number} done how many there are
 * @property {(Run | null)[]} cells row after row, the lowest first
 */

const COARSE = 8; // runs on a side that come first

/** Runs of which none is there yet. @type {(side: number) => Runs} */
export const none = (side) => ({ side, done: 0, cells: Array.from({ length: side * side }, () => null) });

/** How many cells on a side a run stands for at first. @type {(side: number, column: number, row: number) => number} */
export function blockOf(side, column, row) {
  let block = side / COARSE;
  while (column % block || row % block) block /= 2;
  return block;
}

/**
 * The same with the runs of an answer.
 *
 * @param {Runs} runs
 * @param {{tensors: Map<string, {data: Float32Array, shape: number[]}>}} answer
 * @returns {Runs}
 */
export function withAnswer({ side, done, cells }, { tensors }) {
  const [column, row, outcome, curves] = ["column", "row", "outcome", "curves"].map((name) => tensors.get(name));
  const points = curves.shape[1];
  const more = [...cells];
  column.data.forEach((across, i) => {
    const up = row.data[i];
    const curve = curves.data.subarray(i * points, (i + 1) * points);
    more[up * side + across] = {
      column: across,
      row: up,
      outcome: outcome.data[i],
      curve,
      block: blockOf(side, across, up),
    };
  });
  return { side, done: done + column.data.length, cells: more };
}

/**
 * The run at a cell, or the coarser one that stands for it until it is there; null where neither is.
 *
 * @param {Runs} runs
 * @param {number} column
 * @param {number} row
 */
export function runAt({ side, cells }, column, row) {
  for (let block = 1; block <= side / COARSE; block *= 2) {
    const run = cells[(row - (row % block)) * side + column - (column % block)];
    if (run && run.block >= block) return run;
  }
  return null;
}

/** The runs from coarse to fine, as they are drawn over each other. @type {(runs: Runs) => Run[]} */
export const inOrder = ({ cells }) =>
  cells.filter((run) => run !== null).toSorted((one, other) => other.block - one.block);

/** How many runs have each of so many outcomes. @type {(runs: Runs, outcomes: number) => number[]} */
export function countsOf({ cells }, outcomes) {
  const counts = Array.from({ length: outcomes }, () => 0);
  for (const run of cells) if (run) counts[run.outcome] += 1;
  return counts;
}
