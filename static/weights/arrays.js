// The arrays of a file of weights, and what each of them may be in a layer.

/**
 * An array of the file.
 *
 * @typedef {{name: string, shape: number[], dtype: string, floating: boolean}} Stored
 */

/** The arrays that may be weights. @param {Stored[]} arrays */
export const matricesOf = (arrays) => arrays.filter(({ floating, shape }) => floating && shape.length === 2);

/** The arrays that may be biases, also as one row or one column. @param {Stored[]} arrays */
export const vectorsOf = (arrays) =>
  arrays.filter(
    ({ floating, shape }) =>
      floating && [1, 2].includes(shape.length) && shape.filter((side) => side > 1).length < 2 && !shape.includes(0),
  );

/** The numbers of inputs and neurons of a layer. @param {Stored[]} arrays @param {{weights: string, transposed: boolean}} layer */
export function sidesOf(arrays, { weights, transposed }) {
  const [first, second] = arrays.find(({ name }) => name === weights)?.shape ?? [0, 0];
  return transposed ? { inputs: first, units: second } : { inputs: second, units: first };
}
