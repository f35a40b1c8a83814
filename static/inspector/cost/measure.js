// Measuring: the server is asked for one part after another, so that others are answered between them.

const ROUNDS = 6; // measurements of the mini-batch; the shortest time is shown
const LONGEST = 2000; // milliseconds for the full batch; what is not measured by then is computed from the rest

/**
 * Measure a training step at a moment: resolves to {mini, loop, full}, to {refused}, or to null where the answers no longer
 * count. `ask(question)` asks of that moment; `now()` are milliseconds.
 *
 * @param {(question: {question: string, [field: string]: any}) => Promise<any>} ask
 * @param {() => number} now
 */
export async function measure(ask, now) {
  /** @param {object} fields */
  const times = (fields) => ask({ question: "times", ...fields });
  let mini = null;
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await times({ of: "mini_batch" });
    if (!answer?.found) return answer;
    if (!mini || answer.found.total < mini.total) mini = answer.found;
  }
  const loop = await times({ of: "loop" });
  if (!loop?.found) return loop;
  const due = now() + LONGEST;
  const full = { parts: 0, of: 1, seconds: 0, whole: 0 };
  while (full.parts < full.of && (!full.parts || now() < due)) {
    const answer = await times({ of: "full_batch", start: full.parts });
    if (!answer?.found) return answer;
    full.seconds += answer.found.seconds;
    [full.parts, full.of] = [answer.found.parts, answer.found.of];
  }
  full.whole = (full.seconds / full.parts) * full.of;
  return { mini, loop: loop.found, full };
}
