// The list of conditions: what one begins as, what is changed in it, and which of them a refusal is about. Pure functions.

import { groupsOf } from "../transport/stops.js";

/** @import { Stop } from "../transport/stops.js" */

/**
 * A kind of condition as the server offers it for a run; `unfit` says why it can never be.
 *
 * @typedef {{name: string, kind: string, default: any, low?: number, high?: number, choices?: any[],
 *   shapes?: Record<string, number[]>, pictures?: boolean}} Field
 * @typedef {{name: string, unfit: {form: string, blanks: object, why: string} | null, fields: Field[]}} Kind
 */

/** A new condition of a kind, with what its fields begin with. @param {Kind} kind @returns {Stop} */
export const fresh = ({ name, fields }) =>
  /** @type {Stop} */ ({ name, ...Object.fromEntries(fields.map((each) => [each.name, each.default])) });

/** The list with one condition in the place of another. @type {(stops: Stop[], place: number, stop: Stop) => Stop[]} */
export const replaced = (stops, place, stop) => stops.map((each, i) => (i === place ? stop : each));

/** The list without a condition. @type {(stops: Stop[], place: number) => Stop[]} */
export const without = (stops, place) => stops.filter((_, i) => i !== place);

/** A condition with a setting; `and` and `off` are there only where they hold. @type {(stop: Stop, name: string, value: any) => Stop} */
export function having(stop, name, value) {
  const { [name]: _before, ...rest } = /** @type {any} */ (stop);
  return value === false ? rest : { ...rest, [name]: value };
}

/**
 * A condition whose element fits its parameter: another parameter has other axes.
 *
 * @param {Stop} stop
 * @param {Field[]} fields
 * @returns {Stop}
 */
export function fitting(stop, fields) {
  const field = fields.find(({ kind }) => kind === "index");
  const shape = field?.shapes?.[/** @type {string} */ (stop.tensor)];
  if (!field || !shape || stop.index?.length === shape.length) return stop;
  return { ...stop, index: shape.map((_, axis) => stop.index?.[axis] ?? 0) };
}

/**
 * The condition and the field that a refusal is about, by the path of its field; null where it is about none of them.
 *
 * @param {Stop[]} stops
 * @param {string} path
 */
export function refusedIn(stops, path) {
  const found = path.match(/any\.(\d+)\.all\.(\d+)\.(\w+)$/);
  const place = found && groupsOf(stops)[Number(found[1])]?.[Number(found[2])];
  return place == null ? null : { place, field: /** @type {RegExpMatchArray} */ (found)[3] };
}

/** Numbers as they are typed: whole numbers with commas or spaces between. Null where it is none. @param {string} text */
export function indexOf(text) {
  const parts = text.split(/[\s,，]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return parts.length && numbers.every((each) => Number.isInteger(each) && each >= 0) ? numbers : null;
}
