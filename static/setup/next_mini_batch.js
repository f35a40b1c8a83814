// What the next mini-batch holds: the examples whose turn it is, those of a class, or one example.

import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { chosenNext } from "./experiment.js";
import { field, numberField, select } from "./fields.js";

const [USUAL, EXAMPLE] = ["usual", "example"];

/** The classes that the targets of a run name; none where they are values. */
const classesOf = ({ kind, sizes }) => (kind === "classes" ? Array.from({ length: Math.max(2, sizes.at(-1)) }) : []);

/** The field; `choose(chosen)` is given what a person chooses, {class}, {example} or null. */
export function createNext(choose) {
  let chooser = null;
  let number = null;

  function pick(value) {
    number.hidden = value !== EXAMPLE;
    if (value === EXAMPLE) number.focus();
    else choose(value === USUAL ? null : { class: Number(value) });
  }

  return {
    /** The field for a run. */
    field(word, listing) {
      const { classes, examples } = listing;
      const named = classesOf(listing).map((_, label) => ({
        value: String(label),
        text: classes[label] ?? word("learned.class", { label }),
      }));
      const one = { value: EXAMPLE, text: word("next_mini_batch.example") };
      const options = [{ value: USUAL, text: word("next_mini_batch.usual") }, ...named, one];
      chooser = select(word("next_mini_batch"), USUAL, options, pick);
      const limits = { min: 0, max: examples.training - 1, step: 1, hidden: true };
      const take = (example) => example !== "" && choose({ example });
      number = numberField(word("next_mini_batch.number"), "", limits, take);
      number.title = word("next_mini_batch.number.hint", { last: count(examples.training - 1) });
      const both = make("span", { className: "control" }, chooser, number);
      return field("next_mini_batch", word("next_mini_batch"), both, null, word("next_mini_batch.hint"));
    },

    /** Show what has been chosen for the mini-batch after the moment. */
    show({ listing, moment }) {
      if (!chooser || document.activeElement === number) return;
      const chosen = chosenNext(listing, moment?.t ?? 0);
      if (document.activeElement === chooser && chooser.value === EXAMPLE && !chosen) return;
      const isOne = chosen !== null && "example" in chosen;
      chooser.value = isOne ? EXAMPLE : String(chosen?.class ?? USUAL);
      number.hidden = !isOne;
      number.value = isOne ? String(chosen.example) : "";
    },
  };
}
