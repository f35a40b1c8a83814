// Asks the engine for predictions and for their truth, and remembers what has been answered.

const SEARCHES = 200; // times that a search in the present run is taken up again at most

/**
 * What is asked of a step: {predict, found, answer, revealed, waits}. `ask` is the client that asks the server.
 *
 * @param {(question: any, terms?: object) => Promise<any>} ask
 * @param {(error: any) => string} told what a refusal says
 */
export function createPredicting(ask, told) {
  const known = new Map(); // predictions of the engine's own runs, by kind and seed

  /** The prediction of a run of the engine's own, or what is refused as {refused}; null where the line is lost. */
  async function generated({ kind, seed }) {
    const key = `${kind} ${seed}`;
    if (known.has(key)) return { found: known.get(key) };
    const answer = await ask({ question: "predict", kind, seed }, { t: 0, while: () => true });
    if (!answer?.found) return answer;
    known.set(key, answer.found.prediction);
    return { found: answer.found.prediction };
  }

  /** The same of the run that is shown, from a moment on. */
  async function here({ kind, seed }, t) {
    const question = { question: "predict", kind, seed: seed ?? 0, here: true };
    let since = 0;
    for (let i = 0; i < SEARCHES; i += 1) {
      const answer = await ask({ ...question, since }, { t });
      if (!answer?.found) return answer;
      if (answer.found.prediction) return { found: answer.found.prediction };
      since = answer.found.searched;
    }
    return null;
  }

  return {
    /**
     * What is asked at this moment: {found}, {waits} with what is refused, or null where the line is lost. `predict` is
     * {kind, seed, here}; what has no seed is of the run that is shown, too.
     */
    async asked(predict, t) {
      const answer = await (predict.here || predict.seed === null ? here(predict, t) : generated(predict));
      return answer?.refused ? { found: null, waits: told(answer.refused) } : answer;
    },
    /** The truth of a prediction, beside what was answered. */
    async revealed({ kind, seed, here: own, t }, answer) {
      const result = await ask({ question: "reveal", kind, seed, here: own, answer }, { t: own ? t : 0 });
      return result?.found ?? null;
    },
  };
}
