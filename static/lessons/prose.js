// The prose of a lesson as elements: numbers that are filled in, words that light marks, and formulas.

import { make } from "../base/dom.js";
import { math } from "../caption/mathml.js";
import { lights } from "../tensor/linked_highlight.js";
import { choiceOf } from "../tensor/tensors.js";
import { written } from "./numbers.js";

const PUNCTUATION = /^[.,;:!?)，。、；：！？）”]+/u; // that stays on the line of what it follows

const FENCES = { "(": "prefix", "[": "prefix", ")": "postfix", "]": "postfix" }; // which have no room around them

/** A formula of a tree, [tag, child, ...]. */
export const formulaOf = (tree) => {
  const [tag, ...children] = tree;
  const made = math(tag, ...children.map((child) => (typeof child === "string" ? child : formulaOf(child))));
  const form = tag === "mo" && FENCES[children[0]];
  if (form) {
    made.setAttribute("form", form);
    made.setAttribute("stretchy", "false");
  }
  return made;
};

/** The cells of a lesson with an index each, in which null stands for any; those that this run has not are left out. */
export const cellsOf = (cells, { tensors }) =>
  cells
    .filter(({ tensor }) => tensors[tensor])
    .map(({ tensor, index }) => ({ tensor, index: index ?? tensors[tensor].map(() => null) }));

/** The cells that links light, somewhere in parts and blocks of prose. */
export const linked = (parts) =>
  parts.flatMap(
    ({ lights: cells, paragraph, list, emphasis }) => cells ?? linked(paragraph ?? list?.flat() ?? emphasis ?? []),
  );

/** Words that light marks while they are pointed at or have the focus, and choose the first of them when pressed. */
function link({ store }, cells, words) {
  const button = make("button", { type: "button", className: "lights" }, ...words);
  const { listing, example } = store.get();
  const [first, ...others] = cells;
  lights(button, store, cells);
  button.addEventListener("click", () => {
    const chosen =
      first && !others.length && !first.index.includes(null)
        ? choiceOf(first.tensor, first.index, listing.tensors, example)
        : null;
    if (chosen) store.set(chosen);
  });
  return button;
}

/** Words that open the glossary's card of a term, unless a link leaves the glossary out. */
function termOf({ store }, name, words) {
  if (store.get().away.includes("glossary")) return make("span", {}, ...words);
  const button = make("button", { type: "button", className: "asks" }, ...words);
  button.dataset.term = name;
  return button;
}

/** The same parts, where the punctuation after a formula is its `end`, so that no line begins with it. */
export function withEnds(parts) {
  const ends = parts.map(({ text }, i) => (parts[i - 1]?.math && text?.match(PUNCTUATION)?.[0]) || "");
  return parts.map((part, i) => {
    if (part.math) return { ...part, end: ends[i + 1] ?? "" };
    return "text" in part ? { text: part.text.slice(ends[i].length) } : part;
  });
}

/** What is built of the parts of prose. `look` is {store, plain}: where it is `plain`, nothing is lit and no number asked for. */
export function built(parts, look) {
  return withEnds(parts).map((part) => {
    if ("text" in part) return part.text;
    if (part.math) return make("span", { className: "lesson-formula" }, math("math", formulaOf(part.math)), part.end);
    if (part.emphasis) return make("em", {}, ...built(part.emphasis, look));
    if (part.term) return termOf(look, part.term, built(part.words, look));
    if (part.lights) {
      const words = built(part.words, look);
      const { listing } = look.store.get();
      return listing ? link(look, cellsOf(part.lights, listing), words) : make("span", {}, ...words);
    }
    const number = make("span", { className: "lesson-number" });
    Object.assign(number.dataset, { expression: part.value, format: part.format });
    return number;
  });
}

/** The paragraphs and lists of blocks. */
export const blocksOf = (blocks, look) =>
  blocks.map(({ paragraph, list }) =>
    paragraph
      ? make("p", {}, ...built(paragraph, look))
      : make("ul", {}, ...list.map((item) => make("li", {}, ...built(item, look)))),
  );

/** Fill the numbers below `root` in; `values` by the texts of their expressions. */
export function fill(root, values, words) {
  for (const number of root.querySelectorAll("[data-expression]")) {
    const text = written(values[number.dataset.expression], number.dataset.format, words);
    if (number.textContent !== text) number.textContent = text;
  }
}
