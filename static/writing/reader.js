// The server reads what is written: each text once it has not changed for a while, and no two at a time.

const [PAUSE, PATIENCE] = [400, 10_000]; // milliseconds

/** How many bytes the file of a text has. @param {string} text */
export const bytesOf = (text) => new Blob([text]).size;

/**
 * What the server reads in the text of a lesson of at most so many bytes; {refused} where it is longer, null where the server
 * is away.
 *
 * @param {string} text
 * @param {number} most
 * @returns {Promise<any>}
 */
async function readAt(text, most) {
  if (bytesOf(text) > most) {
    const limit = Math.floor(most / 1024);
    const details = { kind: "invalid", noun: "lesson", value: "", form: "kilobytes", blanks: { limit } };
    return { refused: { refused: "too large", details } };
  }
  try {
    const response = await fetch("lessons", { method: "POST", body: text, signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * Has texts read once they rest; `answered(text, answer)` hears of the last one alone. `most()` tells how many bytes a lesson
 * may have.
 *
 * @param {{later: (work: () => void, milliseconds: number) => number | null, cancel: (timer: number | null) => void}} life
 * @param {() => number} most
 * @param {(text: string, answer: any) => void} answered
 */
export function createReader(life, most, answered) {
  /** @type {number | null} */
  let timer = null;
  let turn = 0;

  /** @param {string} text */
  async function read(text) {
    const mine = ++turn;
    life.cancel(timer);
    const answer = await readAt(text, most());
    if (mine === turn) answered(text, answer);
    return answer;
  }

  return {
    /** Have a text read at once. Resolves to what is read. */
    read,
    /** @param {() => string} text */
    want(text) {
      turn += 1;
      life.cancel(timer);
      timer = life.later(() => read(text()), PAUSE);
    },
  };
}
