// The parts of the panel: a heading with what it says, buttons, fields, and where a mistake is told.

import { make } from "../base/dom.js";

/**
 * An element that has a word of the catalogue, in any language.
 *
 * @template {HTMLElement} E
 * @param {string} name
 * @param {E} element
 */
export function worded(name, element) {
  element.dataset.word = name;
  return element;
}

/** A button with its word. */
export const buttonOf = (/** @type {string} */ name) => worded(name, make("button", { type: "button" }));

/** A field with its word before it. */
export const fieldOf = (/** @type {string} */ name, /** @type {HTMLElement} */ control) =>
  make("label", {}, worded(name, make("span")), control);

/** A field for a whole number. */
export const numberOf = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ value) =>
  make("input", { type: "number", min: String(low), max: String(high), step: "1", value: String(value) });

/** A part with its heading, what is said about it, and its rows. */
export function partOf(/** @type {string} */ name, /** @type {HTMLElement[]} */ ...rows) {
  const heading = worded(`along.${name}`, make("h3"));
  const says = worded(`along.${name}.says`, make("p", { className: "quiet" }));
  return make("section", {}, heading, says, ...rows);
}

/** Where a mistake is told. */
export const refusedOf = () => make("p", { className: "refused", role: "alert" });

/** The whole number in a field, or null where there is none from its least to its largest. */
export function wholeIn(/** @type {HTMLInputElement} */ field) {
  const value = Number(field.value);
  const fits =
    field.value !== "" && Number.isInteger(value) && value >= Number(field.min) && value <= Number(field.max);
  return fits ? value : null;
}
