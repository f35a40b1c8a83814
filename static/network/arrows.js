// What the arrows mean: the nudge against the gradient, the gradient itself, or the update that the optimizer applies.

import { gradientsOf } from "../ask/watch.js";
import { brief, signed } from "../base/numbers.js";
import { split } from "../tensor/tensors.js";
import { say } from "../base/words.js";

/**
 * By name: the letter that makes of a parameter's name the tensor that is shown, the sign that it is shown with, the
 * sign of the errors that go with it (to which there is no update), how it is called, and the caption of its pictures.
 */
export const ARROWS = {
  nudge: { name: "nudge", letter: "d", sign: -1, errors: -1, quantity: "dC/d", caption: "dW¹" },
  gradient: { name: "gradient", letter: "d", sign: 1, errors: 1, quantity: "dC/d", caption: "dW¹" },
  update: { name: "update", letter: "u", sign: 1, errors: -1, quantity: "Δ", caption: "ΔW¹" },
};

/** What the arrows mean: of an example's own loss they show its own gradients. */
export const arrowsFor = (state) => {
  const arrows = ARROWS[state.arrows];
  return gradientsOf(state) === null ? arrows : { ...arrows, letter: "e", quantity: "dCᵢ/d", caption: "dCᵢ/dW¹" };
};

const LETTERS = { W: "w", b: "b", gamma: "γ", beta: "β" };

/** The symbol of what is shown, such as dC/dw. */
export const quantityOf = ({ quantity }, letter = "w") => quantity + letter;

/** What a parameter's arrow says in words; the value is undefined before it is there. */
export function sentence(words, arrows, parameter, value) {
  const letter = LETTERS[split(parameter)[0]];
  const blanks = { w: letter, quantity: quantityOf(arrows, letter), value: value > 0 ? signed(value) : brief(value) };
  if (value === undefined) return say(words, `arrows.${arrows.name}.due`, blanks);
  if (!Number.isFinite(value)) return say(words, "arrows.not_finite", blanks);
  const sign = ["minus", "zero", "plus"][Math.sign(value) + 1];
  return say(words, `arrows.${arrows.name}.${sign}`, blanks);
}
