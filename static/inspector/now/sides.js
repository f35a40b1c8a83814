// The tensors of a micro-step by side: what it read, and what it wrote.

const NOTHING = { found: { tensors: new Map() } };

const isWhole = ({ frame }) => !frame.units && frame.example === null;

/**
 * The tensors of a step by side as a moment has them, after which the steps of `later` have run: null where it has not
 * all of them, or has one as it was written since.
 */
export function heldBy(moment, { reads, writes }, later) {
  const changed = new Set(later.flatMap((step) => step.writes));
  const isOther = (name) => changed.has(name) || (reads.includes(name) && writes.includes(name));
  if (!isWhole(moment) || [...reads, ...writes].some(isOther)) return null;
  const side = (names) => new Map(names.map((name) => [name, moment.tensor(name)]));
  return { reads: side(reads), writes: side(writes) };
}

/**
 * Asks the server for the tensors of a step, {reads, writes}, after which `later()` steps have run. What was read stands
 * one micro-step before the step's end, what was written there.
 *
 * @returns {(step: any, terms: any) => Promise<any>}
 */
export const asksBoth = (ask, later) =>
  async function askBoth({ reads, writes }, terms) {
    const end = terms.t - later();
    const at = (names, t) => (names.length ? ask({ question: "tensors", names }, { ...terms, t }) : NOTHING);
    const [read, written] = await Promise.all([at(reads, end - 1), at(writes, end)]);
    if (!read?.found || !written?.found) return read?.found ? written : read;
    return { found: { reads: read.found.tensors, writes: written.found.tensors } };
  };
