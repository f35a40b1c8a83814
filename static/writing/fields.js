// What the fields of a step's block may be for the form to edit them; what is anything else stays as it is written.

import { FIELDS, valueOf } from "./lesson.js";

/** @import { Step } from "./lesson.js" */

/** @typedef {string | {selected: string} | Record<string, true>} Condition */

const isText = (/** @type {any} */ value) => typeof value === "string";
const isObject = (/** @type {any} */ value) => value !== null && typeof value === "object" && !Array.isArray(value);
const areTexts = (/** @type {any} */ value) => Array.isArray(value) && value.every(isText);

/** @param {any} value */
function isCondition(value) {
  if (isText(value)) return true;
  if (!isObject(value) || Object.keys(value).length !== 1) return false;
  const [[name, each]] = Object.entries(value);
  return name === "selected" ? isText(each) : each === true;
}

/** @type {Record<string, (value: any) => boolean>} */
const FITS = {
  scene: isText,
  light: areTexts,
  controls: areTexts,
  until: (value) => (Array.isArray(value) ? value.every(isCondition) : isCondition(value)),
  task: isText,
  notes: isText,
  check: areTexts,
  predict: (value) =>
    isObject(value) &&
    isText(value.kind) &&
    ["undefined", "number"].includes(typeof value.seed) &&
    Object.keys(value).every((name) => ["kind", "seed"].includes(name)),
};

/**
 * What a field of a step says, where the form can edit it; undefined where it is not there or cannot be edited.
 *
 * @param {Step} step
 * @param {string} name
 */
export function editable(step, name) {
  const value = valueOf(step, name);
  return value !== undefined && value !== null && FITS[name](value) ? value : undefined;
}

/**
 * The fields of a step that the form cannot edit.
 *
 * @param {Step} step
 */
export const others = (step) =>
  "fields" in step.block
    ? step.block.fields.filter(({ name }) => !FIELDS.includes(name) || editable(step, name) === undefined)
    : [];

/**
 * The conditions of a step in a list.
 *
 * @param {Step} step
 * @returns {Condition[]}
 */
export const conditionsOf = (step) => [editable(step, "until") ?? []].flat();

/** Conditions as a field has them: one alone, or a list; undefined for none. @param {Condition[]} conditions */
export const untilOf = (conditions) => (conditions.length > 1 ? conditions : conditions[0]);

/** A list as a field has it; undefined for an empty one. @param {any[]} list */
export const orNone = (list) => (list.length ? list : undefined);
