// The curves of activations, computed by the engine. A panel asks for each of them once.

/** @import { Ask } from "./memory.js" */
/** @import { Samples } from "../draw/curve.js" */

const RANGE = { low: -8, high: 8, points: 129 };

/**
 * The samples of an answer, by the names of their activations.
 *
 * @param {import("./frame.js").Frame} frame
 * @returns {[string, Samples][]}
 */
export function samplesIn({ facts, tensors }) {
  const [z, a, slope] = ["z", "a", "slope"].map((name) => tensors.get(name).data);
  const row = (data, i) => [...data.subarray(i * z.length, (i + 1) * z.length)];
  return facts.names.map((name, i) => [name, { low: z[0], high: z.at(-1), a: row(a, i), slope: row(slope, i) }]);
}

/**
 * Curves over a fixed range. `of(names)` gives those that are known, by their names, null where an activation has none of its
 * own; where some are not known, they are asked for, and `came` is called once they are there.
 *
 * @param {Ask} ask
 * @param {() => void} came
 */
export function createCurveSource(ask, came) {
  /** @type {Record<string, Samples | null>} */
  const known = {};
  let busy = false;

  async function fetch(names) {
    busy = true;
    const answer = await ask({ question: "activations", names, ...RANGE });
    busy = false;
    if (!answer?.found) return;
    const none = Object.fromEntries(names.map((/** @type {string} */ name) => [name, null]));
    Object.assign(known, none, Object.fromEntries(samplesIn(answer.found)));
    came();
  }

  return {
    /** @param {string[]} names */
    of(names) {
      const missing = names.filter((name) => !(name in known));
      if (missing.length && !busy) fetch([...new Set(missing)]);
      return known;
    },
  };
}
