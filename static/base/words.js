// The words of the page in the chosen language; all of them come from its catalogue.

/** @typedef {Record<string, string>} Words A catalogue: sentences by their names. */

/**
 * The sentence of that name, its {blanks} filled in; the name itself where the catalogue has none.
 *
 * @param {Words} words
 * @param {string} name
 * @param {Record<string, string | number>} [blanks]
 */
export function say(words, name, blanks = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, blank) => String(blanks[blank] ?? ""));
}

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

/** A refusal in the page's language. */
export function refusal(words, error) {
  const details = error.details;
  if (!details) return error.message;
  const noun = say(words, `noun.${details.noun}`);
  const known = words[`noun.${details.noun}`] ? noun : details.noun;
  const expected = details.form ? say(words, `expected.${details.form}`, details.blanks) : "";
  const value = details.kind === "missing" ? "" : details.value;
  return say(words, `refused.${details.kind}`, { noun: known, value }) + (expected ? ` (${expected})` : "");
}
