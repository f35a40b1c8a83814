// The words of the page in the chosen language; all of them come from its catalogue.

import { count, exact } from "./numbers.js";

/** @typedef {Record<string, string>} Words A catalogue: sentences by their names. */
/** @typedef {string | number | string[]} Blank What fills a blank: a text, a number, or names to be listed. */

/**
 * The form that goes with a number, of forms such as "one:example|other:examples": which one, the language's rules say.
 *
 * @param {Words} words
 * @param {string} forms
 * @param {Blank} number also as it is written, with its thousands apart
 */
function formOf(words, forms, number) {
  const texts = Object.fromEntries(forms.split("|").map((each) => each.split(":")));
  const amount = Number(String(number).replaceAll(",", ""));
  return texts[new Intl.PluralRules(words["language.code"]).select(amount)] ?? texts.other;
}

/**
 * The sentence of that name, its blanks filled in: {count} by what it is given, {count|one:example|other:examples} by the
 * form that goes with that number. The name itself where the catalogue has none.
 *
 * @param {Words} words
 * @param {string} name
 * @param {Record<string, Blank>} [blanks]
 */
export function say(words, name, blanks = {}) {
  return (words[name] ?? name).replace(/\{(\w+)(?:\|([^}]+))?\}/g, (_, blank, forms) => {
    const filling = blanks[blank] ?? "";
    if (forms) return formOf(words, forms, filling);
    return Array.isArray(filling) ? filling.join(words["list.comma"] ?? ", ") : String(filling);
  });
}

/**
 * A share of 1 in per cent.
 *
 * @param {Words} words
 * @param {number} share
 * @param {number} [digits] decimals
 */
export const percent = (words, share, digits = 1) =>
  Number.isFinite(share) ? say(words, "percent", { number: (100 * share).toFixed(digits) }) : "—";

/**
 * The elements that have an attribute.
 *
 * @param {ParentNode} root
 * @param {string} attribute
 * @returns {NodeListOf<HTMLElement>}
 */
const having = (root, attribute) => root.querySelectorAll(`[${attribute}]`);

/**
 * Put the words of the catalogue into the parts of `root` that the server wrote.
 *
 * @param {Words} words
 * @param {ParentNode} root
 */
export function apply(words, root) {
  for (const element of having(root, "data-word")) element.textContent = say(words, element.dataset.word);
  for (const element of having(root, "data-label")) {
    element.setAttribute("aria-label", say(words, element.dataset.label));
  }
  for (const element of having(root, "data-hint")) element.title = say(words, element.dataset.hint);
}

/** @type {Record<string, string>} */
const GROUPS = { dataset: "dataset", output: "activation", activations: "activation" }; // what some blanks of refusals name
const QUOTED = /^'(.*)'$/s; // a text, as it is repeated

/**
 * The blanks of a refusal as people read them: numbers, and what has a name in the catalogue.
 *
 * @param {Words} words
 * @param {Record<string, any>} blanks
 * @returns {Record<string, Blank>}
 */
function readable(words, blanks) {
  /** @type {(name: string, blank: any) => any} */
  const read = (name, blank) =>
    Array.isArray(blank)
      ? blank.map((each) => read(name, each))
      : typeof blank === "number"
        ? (Math.abs(blank) < 1000 ? exact : count)(blank)
        : (words[`${GROUPS[name]}.${blank}`] ?? blank);
  return Object.fromEntries(Object.entries(blanks ?? {}).map(([name, blank]) => [name, read(name, blank)]));
}

/**
 * A refusal in the page's language.
 *
 * @param {Words} words
 * @param {{message: string, details?: any}} error
 */
export function refusal(words, { message, details }) {
  if (!details) return message;
  const { kind, form, blanks, described } = details;
  const noun = words[`noun.${details.noun}`] ?? details.noun;
  const value = described
    ? say(words, `described.${described.form}`, readable(words, described.blanks))
    : String(details.value ?? "").replace(QUOTED, (_, name) =>
        say(words, "quoted", { text: words[`${details.noun}.${name}`] ?? name }),
      );
  const said = say(words, `refused.${kind}`, { noun, value });
  return form ? say(words, "explained", { said, why: say(words, `expected.${form}`, readable(words, blanks)) }) : said;
}
