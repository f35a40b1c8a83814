// The index letters of a micro-step: which operands it reads and writes, and what each letter counts.

/** @import { Axis } from "../base/types.js" */

/** @typedef {{tensor: string, letters: string[]}} Operand */

/**
 * The operands of letters such as "a0:ik, W1:jk, b1:j -> z1:ij".
 *
 * @param {string} text
 * @returns {{reads: Operand[], writes: Operand[]}}
 */
export function operands(text) {
  const [reads, writes] = text.split("->").map((side) =>
    side
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean)
      .map((item) => {
        const [tensor, letters] = item.split(":");
        return { tensor, letters: [...letters.trim()] };
      }),
  );
  return { reads, writes };
}

/**
 * What each letter of some operands counts.
 *
 * @param {Operand[]} all
 * @param {Record<string, Axis[]>} tensors
 * @returns {Map<string, Axis>}
 */
export const counted = (all, tensors) =>
  new Map(
    all.flatMap(({ tensor, letters }) =>
      letters.map((letter, place) => /** @type {const} */ ([letter, tensors[tensor][place]])),
    ),
  );
