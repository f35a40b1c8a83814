// Signs of life of a line: when one is asked for, and when a line that gives none is broken. All times in milliseconds.

const QUIET = 4000; // without a word, until a sign of life is asked for
const PATIENCE = 7000; // for a sign of life, and for a line to open
const AWAKE = 2500; // for a sign of life, after sleep
const LONGEST = 90_000; // for a sign of life, where answers are long on their way

/** `ping()` asks for a sign of life. */
export function createSigns(ping) {
  let heard = 0; // when the line last gave a sign of life, or began to be waited for ...
  let asked = null; // ... when it was last asked for one, until it comes
  let patience = PATIENCE; // ... which may take so long
  let slowest = PATIENCE; // and longer where answers are large: it comes after those that are on their way

  /** Ask for a sign of life, to come within so many milliseconds. */
  function ask(now, within = PATIENCE) {
    asked = now;
    patience = within;
    ping();
  }

  return {
    ask,

    /** The line has given a sign of life, or is waited for from now on. */
    hear(now) {
      heard = now;
      asked = null;
    },

    /** An answer took so long. */
    took(duration) {
      slowest = Math.min(LONGEST, Math.max(PATIENCE, 2 * duration));
    },

    /** The page may have slept: ask soon, or where answers are on their way after these. */
    wake(now, waits) {
      ask(now, waits ? slowest : AWAKE);
    },

    /** Whether a line that is opening has been waited for longer than a page waits that has slept. */
    isLate: (now) => now - heard > AWAKE,

    /** Whether a line is broken that is open or not yet; one that has been quiet is asked for a sign. */
    isBroken(now, open) {
      if (!open) return now - heard > PATIENCE;
      if (asked !== null) return now - asked > patience;
      if (now - heard > QUIET) ask(now, slowest);
      return false;
    },
  };
}
