// What a map says in words: of the run that is pointed at, of all its runs, and how their outcomes are told apart.

import { brief, count } from "../base/numbers.js";
import { percent, say } from "../base/words.js";
import { nameOf } from "./axes.js";

/**
 * What is said of a run, or that it is not there yet.
 *
 * @param {any} words
 * @param {import("./measure.js").Measured} measured
 * @param {{column: number, row: number}} cell
 * @param {import("./runs.js").Run | null} run
 */
export function saidOf(words, { settings, axes, facts }, { column, row }, run) {
  const [x, y] = [axes.x, axes.y].map(({ field }, i) =>
    say(words, "map.setting", {
      name: nameOf(words, field),
      value: brief(facts.values[i][i ? (run?.row ?? row) : (run?.column ?? column)]),
    }),
  );
  if (!run) return say(words, "map.at.later", { x, y });
  const outcome = say(words, `map.outcome.${settings.outcomes.names[run.outcome]}`);
  return say(words, "map.at", { x, y, outcome, first: brief(run.curve[0]), last: brief(run.curve.at(-1)) });
}

/** How an outcome is told from the others, by the level that losses are compared with. */
export function definitionOf(words, name, { low, fallen, risen }, level) {
  const shares = { solved: low, slow: fallen, stuck: fallen, diverged: risen };
  if (level > 0) return say(words, `map.outcome.${name}.says`, { loss: brief(shares[name] * level) });
  return say(words, `map.outcome.${name}.first`, { share: percent(words, shares[name], 0), times: shares[name] });
}

/**
 * The sentences below a map.
 *
 * @param {any} words
 * @param {import("./measure.js").Measured} measured
 * @param {boolean} changed whether the page's run has changes, which the map's runs have not
 */
export function factsOf(words, { runs: { side }, steps, facts }, changed) {
  const said = [say(words, "map.runs", { side, steps: count(steps) })];
  if (facts?.level > 0) said.push(say(words, "map.level", { loss: brief(facts.level) }));
  said.push(say(words, "map.bits"));
  if (changed) said.push(say(words, "map.changes"));
  return said;
}
