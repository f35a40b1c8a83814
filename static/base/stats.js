// How long things take on this page: paintings, decoding, the way to the server and back, and the inspector's answers.

const KEPT = 600;

/** @param {number[]} values */
function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : null);
  return { median: at(0.5), p95: at(0.95) };
}

/** Collects milliseconds; `summary` gives the median and the 95th percentile of each. */
export function createStats() {
  let answers = 0;
  /** @type {Record<"decode" | "roundTrip" | "answer", number[]>} */
  const kept = { decode: [], roundTrip: [], answer: [] };
  return {
    /** @param {Partial<Record<keyof typeof kept, number>>} times */
    add(times) {
      if (times.answer !== undefined) answers += 1;
      for (const [name, milliseconds] of Object.entries(times)) {
        const all = kept[/** @type {keyof typeof kept} */ (name)];
        all.push(milliseconds);
        if (all.length > KEPT) all.shift();
      }
    },
    /** @param {{at: number, t: number, milliseconds: number}[]} painted */
    summary: (painted) => ({
      frames: painted.length,
      painted: painted.map(({ at, t }) => ({ at, t })),
      paint: spread(painted.map(({ milliseconds }) => milliseconds)),
      decode: spread(kept.decode),
      roundTrip: spread(kept.roundTrip),
      answer: { ...spread(kept.answer), last: kept.answer.at(-1) ?? null, count: answers },
    }),
  };
}
