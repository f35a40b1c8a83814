// The card of an entry: what it is, its formula, its shape and number in the run that is shown, where it is seen, and what
// goes with it.

import { make } from "../base/dom.js";
import { brief, full } from "../base/numbers.js";
import { say } from "../base/words.js";
import { math } from "../caption/mathml.js";
import { cut } from "../inspector/now/formula.js";
import { aboutText, counted, dueText } from "../inspector/matrix/words.js";
import { blocksOf, formulaOf } from "../lessons/prose.js";
import { lights } from "../tensor/linked_highlight.js";
import { cellName } from "../tensor/tensors.js";
import { elementOf, tensorsOf } from "./entries.js";

const MOST = 6; // tensors of a run whose shapes are listed

/** A formula that wraps at its operators. */
function wrapped(formula) {
  const element = make("div", { className: "glossary-formula" }, math("math", formulaOf(formula)));
  cut(element.firstElementChild);
  return element;
}

/** The symbol of an entry, where its title has not got it. */
export function symbolOf({ symbol, title }) {
  const made = symbol && make("span", { className: "glossary-symbol" }, math("math", formulaOf(symbol)));
  return made && !title.includes(made.textContent) ? [made] : [];
}

/** A button that opens the card of an entry. */
function chipOf(entry) {
  const chip = make("button", { type: "button", className: "chip", textContent: entry.title, lang: entry.language });
  chip.dataset.term = entry.name;
  return chip;
}

/** The value of an element, and what it belongs to; when it will be computed where that is still to come. */
function valueOf(state, tensor, index) {
  const { words, listing, moment } = state;
  const value = moment.value(tensor, ...index);
  const places = listing.tensors[tensor].map((axis, place) => counted(words, "cell", axis, index[place]));
  const number = make("b", { textContent: `${cellName(tensor, index)} = ${brief(value)}`, title: full(value) });
  const where = places.length ? ` ${places.join(say(words, "list.comma"))}` : "";
  const text = value === undefined ? ` ${dueText(state, tensor)}` : where;
  return make("p", { className: "glossary-value" }, number, make("span", { className: "quiet", textContent: text }));
}

/** The shape of a tensor, which lights it in the network while it is pointed at; its number where one element is meant. */
function shapeOf(state, store, tensor, index) {
  const { listing, moment } = state;
  const name = make("b", { textContent: tensor });
  const line = make("p", { tabIndex: 0 }, name, " ", aboutText(state, tensor, moment.tensor(tensor)));
  line.dataset.key = tensor;
  const axes = listing.tensors[tensor];
  if (axes.some((axis) => axis !== "example")) lights(line, store, [{ tensor, index: index ?? axes.map(() => null) }]);
  return [line, ...(index ? [valueOf(state, tensor, index)] : [])];
}

/** What is true of an entry in the run that is shown; nothing of one that no tensor stands for. */
export function hereOf(state, store, { entry, tensor, index }, entries) {
  const { words, listing, moment } = state;
  if (!listing || !moment || !entry.tensors.length) return [];
  const all = tensorsOf(entry, entries, listing.tensors);
  const shown = tensor in listing.tensors ? [tensor] : all.slice(0, MOST);
  const lines = shown.flatMap((each) => shapeOf(state, store, each, elementOf(each, index, state)));
  const rest = all.length - shown.length;
  if (rest > 0 && !(tensor in listing.tensors))
    lines.push(make("p", { className: "quiet", textContent: say(words, "glossary.more", { count: rest }) }));
  if (!shown.length) lines.push(make("p", { className: "quiet", textContent: say(words, "glossary.not_here") }));
  return [make("h3", { textContent: say(words, "glossary.here") }), ...lines];
}

/** A heading with what stands below it; nothing where there is nothing. */
const part = (words, name, className, children) =>
  children.length ? [make("h3", { textContent: say(words, name) }), make("div", { className }, ...children)] : [];

/** The places where an entry is seen, as buttons. */
function placesOf(places) {
  return places.map(({ text, go, kind }) => {
    const button = make("button", { type: "button", className: `glossary-go to-${kind}`, textContent: text });
    button.addEventListener("click", ({ detail }) => go(detail === 0));
    return button;
  });
}

/** The parts of the card; `here` is the element whose content follows the moment. */
export function cardOf(words, store, { entry }, { entries, places, here }) {
  const related = entry.related.map((name) => entries.find((each) => each.name === name)).filter(Boolean);
  const heading = make("h2", { tabIndex: -1, lang: entry.language }, make("span", { textContent: entry.title }));
  heading.append(...symbolOf(entry));
  return [
    heading,
    make("div", { className: "glossary-body", lang: entry.language }, ...blocksOf(entry.body, { store })),
    ...(entry.formula ? [wrapped(entry.formula)] : []),
    here,
    ...part(words, "glossary.see", "glossary-places", placesOf(places)),
    ...part(words, "glossary.related", "glossary-related", related.map(chipOf)),
  ];
}
