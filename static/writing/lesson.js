// A lesson as it is written: a title, what one will know, and steps with the fields of their blocks. No function changes
// what it is given. What has not been edited keeps its lines as they stood in the file, `raw`.

import { field } from "./toml.js";

/**
 * @typedef {{text: string, name: string, value: any}} Field `text` are its lines, with the comments above it
 * @typedef {{fields: Field[], rest: string} | {text: string}} Block one that cannot be read is a text alone
 * @typedef {{key: number, title: string, body: string, block: Block, raw: string | null}} Step
 * @typedef {{title: string, says: string, block: Block, raw: string | null, steps: Step[]}} Lesson
 */

/** The fields of a step's block, in the order in which new ones are written. */
export const FIELDS = ["scene", "light", "controls", "until", "task", "notes", "check", "predict"];

const COMMENTS = /^(?:[ \t]*(?:#.*)?\n)*/; // above a field

/** @type {() => Block} */
const nothing = () => ({ fields: [], rest: "" });

/** @param {Record<string, any>} values of its fields */
const blockOf = (values) => ({
  fields: Object.entries(values).map(([name, value]) => ({ name, value, text: field(name, value) })),
  rest: "",
});

/**
 * An empty step whose block has these values.
 *
 * @param {number} key
 * @param {Record<string, any>} [values]
 * @returns {Step}
 */
export const emptyStep = (key, values = {}) => ({ key, title: "", body: "", block: blockOf(values), raw: null });

/**
 * A new lesson, whose first step shows a scene.
 *
 * @param {string} scene
 * @returns {Lesson}
 */
export const emptyLesson = (scene) => ({
  title: "",
  says: "",
  block: nothing(),
  raw: null,
  steps: [emptyStep(1, { scene })],
});

/** A lesson of what the server has read of a file. @param {any} source @returns {Lesson} */
export const lessonOf = ({ title, says, block, raw, steps }) => ({
  title,
  says,
  block,
  raw,
  steps: steps.map((/** @type {any} */ step, /** @type {number} */ i) => ({ ...step, key: i + 1 })),
});

/** Whether a step's block can be edited by its fields. @param {{block: Block}} step */
export const isRead = ({ block }) => "fields" in block;

/**
 * What a field of a step says; undefined where it is not there.
 *
 * @param {Step} step
 * @param {string} name
 */
export const valueOf = ({ block }, name) =>
  "fields" in block ? block.fields.find((each) => each.name === name)?.value : undefined;

/**
 * A step in which a field says something else; without a value it is taken out. The comments above it stay.
 *
 * @param {Step} step
 * @param {string} name
 * @param {any} [value]
 * @returns {Step}
 */
export function withValue(step, name, value) {
  const { block } = step;
  if (!("fields" in block)) return step;
  const at = block.fields.findIndex((each) => each.name === name);
  const comments = at < 0 ? "" : block.fields[at].text.match(COMMENTS)[0];
  const made = value === undefined ? [] : [{ name, value, text: comments + field(name, value) }];
  const later = block.fields.findIndex((each) => FIELDS.indexOf(each.name) > FIELDS.indexOf(name));
  const place = at >= 0 ? at : later < 0 || !FIELDS.includes(name) ? block.fields.length : later;
  const fields = block.fields.toSpliced(place, at < 0 ? 0 : 1, ...made);
  return { ...step, raw: null, block: { ...block, fields } };
}

/**
 * A lesson in which something of its head is another: its title, or what one will know.
 *
 * @param {Lesson} lesson
 * @param {Partial<Lesson>} changes
 * @returns {Lesson}
 */
export const withHead = (lesson, changes) => ({ ...lesson, ...changes, raw: null });

/**
 * A lesson in which the step of a key is what `change` makes of it.
 *
 * @param {Lesson} lesson
 * @param {number} key
 * @param {(step: Step) => Step} change
 * @returns {Lesson}
 */
export const withStep = (lesson, key, change) => ({
  ...lesson,
  steps: lesson.steps.map((step) => (step.key === key ? change(step) : step)),
});

/**
 * A lesson in which blocks that could not be read have the fields that the server reads in them now; itself where there are none.
 *
 * @param {Lesson} lesson
 * @param {{steps: {block: Block}[]}} source of the same lesson
 * @returns {Lesson}
 */
export function withRead(lesson, source) {
  const now = (/** @type {number} */ i) => source.steps[i]?.block ?? lesson.steps[i].block;
  const isBetter = (/** @type {Step} */ step, /** @type {number} */ i) => !isRead(step) && isRead({ block: now(i) });
  if (!lesson.steps.some(isBetter)) return lesson;
  return { ...lesson, steps: lesson.steps.map((step, i) => (isBetter(step, i) ? { ...step, block: now(i) } : step)) };
}

/**
 * A lesson with one more step, at this place.
 *
 * @param {Lesson} lesson
 * @param {number} at
 * @param {Step} step
 * @returns {Lesson}
 */
export const inserted = (lesson, at, step) => ({ ...lesson, steps: lesson.steps.toSpliced(at, 0, step) });

/**
 * A lesson without the step of a key.
 *
 * @param {Lesson} lesson
 * @param {number} key
 * @returns {Lesson}
 */
export const without = (lesson, key) => ({ ...lesson, steps: lesson.steps.filter((step) => step.key !== key) });

/**
 * A lesson in which the step of a key stands at another place, counted from 0.
 *
 * @param {Lesson} lesson
 * @param {number} key
 * @param {number} to
 * @returns {Lesson}
 */
export function moved(lesson, key, to) {
  const step = lesson.steps.find((each) => each.key === key);
  const place = Math.max(0, Math.min(to, lesson.steps.length - 1));
  return inserted(without(lesson, key), place, step);
}

/** A key that no step has. @param {Lesson} lesson */
export const newKey = ({ steps }) => 1 + Math.max(0, ...steps.map(({ key }) => key));
