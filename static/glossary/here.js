// What the caption speaks of at this moment: the entries of its words, of its tensors, and of the signs of its formula.

import { unitAt } from "../base/time.js";
import { say } from "../base/words.js";
import { cellOf, stepOf } from "../caption/cell.js";
import { rowOf } from "../caption/mathml.js";
import { sentenceOf } from "../caption/says.js";
import { formulaIn } from "../tensor/convention.js";
import { namedIn, resolved } from "./entries.js";

const PHASES = { forward: "forward_pass", loss: "loss", backward: "backpropagation", update: "update" }; // entries

/** The signs of a formula that stand for no tensor. */
const signsOf = (formula) =>
  [...rowOf(formula).querySelectorAll("mi, mo")]
    .filter((each) => !each.closest("[data-tensor]"))
    .map(({ textContent }) => textContent);

/** The entries of what the caption says, each once: none before anything has been computed. */
export function spokenOf(state, entries) {
  const { words, listing, moment, grain, hovered, selected } = state;
  const unit = moment && listing ? unitAt(listing, grain, moment.t) : [];
  if (!unit.length) return [];
  const meant = hovered ?? selected;
  const step = stepOf(unit, meant);
  const cell = cellOf(state, step, meant);
  const text = [say(words, `equation.${step.equation}`), sentenceOf(state, step, cell)].join("\n");
  const tensors = [...step.writes, ...step.reads];
  const letters = step.letters.replaceAll(/\w+:/g, "").match(/[ijkl]/g) ?? [];
  const asked = [PHASES[step.phase], ...tensors, ...new Set(letters), ...signsOf(formulaIn(step, state.convention))];
  const [phase, ...signs] = asked.map((each) => resolved(each, entries)?.entry).filter(Boolean);
  return [...new Set([phase, ...namedIn(text, entries), ...signs])];
}
