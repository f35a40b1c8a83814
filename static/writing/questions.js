// The questions that a step may ask: what the engine finds for a kind and a seed.

/**
 * `ask` is the client that asks the server; `textOf(words, told)` says what is asked.
 *
 * @param {(question: any, terms?: object) => Promise<any>} ask
 * @param {{textOf: (told: any) => string, refused: (error: any) => string}} says
 */
export function createQuestions(ask, { textOf, refused }) {
  const known = new Map();

  async function asked({ kind, seed }) {
    const key = `${kind} ${seed}`;
    if (!known.has(key)) {
      const answer = await ask({ question: "predict", kind, seed }, { t: 0, while: () => true });
      if (!answer) return null;
      known.set(key, answer);
    }
    return known.get(key);
  }

  return {
    /** The question of a kind and a seed, with its experiment and its moment; null where there is none. */
    found: async (predict) => (await asked(predict))?.found?.prediction ?? null,
    /** The same in words, or why there is none. */
    async text(predict) {
      const answer = await asked(predict);
      if (!answer) return "";
      return answer.found ? textOf(answer.found.prediction.asks) : refused(answer.refused);
    },
  };
}
