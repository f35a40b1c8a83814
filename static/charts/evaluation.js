// How good the network is: asks the server, of a sample while it plays and in full once it rests, and keeps its curves.

import { keepAsking } from "../ask/follow.js";
import { withPoint } from "../state/curve.js";
import { settledAt } from "../base/time.js";

const SAMPLE = 1000;
const PAST = 48; // moments of the past, where the curves lack it
const EARLY = 40; // points of a curve, whose beginning is worth more of them
const EARLY_WAITS = { playing: 60, resting: 260, rest: 0 };
const WAITS = { playing: 180, resting: 260, rest: 8 };
const SPLITS = ["training", "held_out"];

/** A number from JSON, where NaN and infinity travel as text. */
const number = (value) => (value === null ? null : Number(value));

const numbered = ({ loss, accuracy, examples, of }) => ({
  loss: number(loss),
  accuracy: number(accuracy),
  examples,
  of,
});

/** The mean of a number over parts of a split, null where there is none. */
function mean(parts, name) {
  const examples = parts.reduce((total, part) => total + part.examples, 0);
  if (!examples || parts[0][name] === null) return null;
  return parts.reduce((total, part) => total + part[name] * part.examples, 0) / examples;
}

/** Evaluate a whole split, part by part, so that a seek is answered in between; null where it was given up. */
async function inParts(ask, t, split, alive) {
  const parts = [];
  let [examples, of] = [0, 1];
  while (examples < of) {
    const answer = await ask({ question: "evaluate", split, start: examples }, { t, of: "run", while: alive });
    if (!answer?.found) return null;
    const part = numbered(answer.found[split]);
    ({ of } = part);
    if (!part.examples) break;
    parts.push(part);
    examples += part.examples;
  }
  return { loss: mean(parts, "loss"), accuracy: mean(parts, "accuracy"), examples, of };
}

/** Curves with what an evaluation of both splits has found at t. */
function withEvaluation(curves, t, found) {
  return SPLITS.reduce((all, split) => {
    const { loss, accuracy } = found[split];
    const longer = loss === null ? all : withPoint(all, `${split}.loss`, t, loss);
    return accuracy === null ? longer : withPoint(longer, `${split}.accuracy`, t, accuracy);
  }, curves);
}

/** Whether the curves of a run say nothing of what lies between its beginning and t, as after a reload. */
export const isPastless = ({ "training.loss": points = [] }, t) =>
  t > 0 && !points.some((point) => point.t > 0 && point.t < t);

/** Keep the store's `evaluation` and `curves` in step with its moment. `ask` asks the server. */
export function keepEvaluated(store, ask) {
  let sought = {}; // the listing and the moment whose past has been evaluated last
  let known = {}; // the latest evaluation of everything, with its listing and since when answers have been the same

  async function inFull(t, listing) {
    const since = settledAt(listing, t);
    if (known.listing === listing && known.since === since) return known.found;
    const alive = () => store.get().listing === listing && store.get().moment?.t === t && !store.get().playing;
    const found = {};
    for (const split of SPLITS) {
      found[split] = await inParts(ask, t, split, alive);
      if (!found[split]) return null;
    }
    known = { listing, since, found };
    return found;
  }

  async function ofSample(t) {
    const answer = await ask({ question: "evaluate", most: SAMPLE }, { t, of: "run" });
    if (!answer?.found) return null;
    return Object.fromEntries(SPLITS.map((split) => [split, numbered(answer.found[split])]));
  }

  async function evaluate(full) {
    const {
      moment: { t },
      listing,
    } = store.get();
    const found = await (full ? inFull(t, listing) : ofSample(t));
    if (!found) return;
    store.set({ evaluation: { t, ...found }, curves: withEvaluation(store.get().curves, t, found) });
    if (full) await ofPast(t, listing);
  }

  /** Evaluate kept moments before t, from the latest to the earliest, while t is shown, where the curves lack them. */
  async function ofPast(t, listing) {
    if (!isPastless(store.get().curves, t) || (sought.listing === listing && sought.t === t)) return;
    sought = { listing, t };
    const alive = () => store.get().listing === listing && store.get().moment?.t === t && !store.get().playing;
    let [before, left] = [t, 1];
    while (left > 0) {
      const fields = { before, most: PAST, examples: SAMPLE };
      const answer = await ask({ question: "evaluation_history", ...fields }, { t, of: "run", while: alive });
      if (!answer?.found?.moments.length) return;
      let { curves } = store.get();
      for (const each of answer.found.moments) {
        curves = withEvaluation(curves, each.t, Object.fromEntries(SPLITS.map((name) => [name, numbered(each[name])])));
      }
      store.set({ curves });
      before = answer.found.moments.at(-1).t;
      ({ left } = answer.found);
    }
  }

  keepAsking(store, evaluate, () => ((store.get().curves["training.loss"]?.length ?? 0) < EARLY ? EARLY_WAITS : WAITS));
}
