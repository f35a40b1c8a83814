// The text form of a lesson: its file, and which field a line of the file belongs to.

import { FIELDS } from "./lesson.js";

/** @import { Block, Lesson, Step } from "./lesson.js" */

const FENCE = /^[ \t]*```/;
const HEADING = /^##(?: |$)/;
const FIELD = /^\s*["']?([\w-]+)["']?\s*[=.]/;
const SEVERAL = /^\s*["']?[\w-]+["']?\s*=\s*("{3}|'{3})/; // how a field begins whose text has several lines
const BEGINS = /^([ \t]*)(?=\\*```)|^(?=\\*##?(?: |$))/; // what would begin a block, a step or a title
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** @param {string} text */
const clean = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/\r\n?/g, "\n"); // half a letter is none

/** A text of one line. @param {string} text */
const line = (text) => clean(text).replace(BREAKS, " ").trim();

/** A text of several lines, in which none begins anything else. @param {string} text */
const prose = (text) =>
  clean(text)
    .split("\n")
    .map((each) => each.replace(BEGINS, "$1\\"))
    .join("\n")
    .replace(/^\n+|\n+$/g, "");

/**
 * The lines of a block; none where it is empty.
 *
 * @param {string} name
 * @param {Block} block
 */
function blockOf(name, block) {
  const text =
    "fields" in block ? [...block.fields.map((each) => each.text), block.rest].filter(Boolean) : [block.text];
  const inside = text.join("\n");
  return inside ? [`\`\`\`${name}\n${inside}\n\`\`\``] : [];
}

/** Parts that stand apart by an empty line each, with one at their end. @param {string[]} parts */
const apart = (parts) => `${parts.filter(Boolean).join("\n\n")}\n`;

/** @param {Lesson} lesson */
const headOf = ({ title, says, block }) =>
  apart([line(title) && `# ${line(title)}`, prose(says), ...blockOf("lesson", block)]);

/** @param {Step} step */
const stepOf = ({ title, body, block }) => apart([`## ${line(title)}`, ...blockOf("step", block), prose(body)]);

/**
 * A lesson's file. What has not been edited stands in it as it stood.
 *
 * @param {Lesson} lesson
 */
export const textOf = (lesson) =>
  [lesson.raw ?? headOf(lesson), ...lesson.steps.map((step) => step.raw ?? stepOf(step))].join("\n");

/**
 * What a line of a lesson's file belongs to: a step, counted from 1, or 0 for what stands above them; and of that "title",
 * "body", or a field of its block.
 *
 * @param {string} text
 * @param {number} number of the line, counted from 1
 */
export function placeOf(text, number) {
  let [step, field, fenced, ends] = [0, "body", false, ""]; // `ends` is what a text of several lines ends with
  for (const each of text.split("\n").slice(0, number)) {
    if (FENCE.test(each)) {
      [fenced, ends] = [!fenced, ""];
      field = fenced ? "block" : "body";
    } else if (ends) ends = each.includes(ends) ? "" : ends;
    else if (fenced) {
      field = each.match(FIELD)?.[1] ?? field;
      const [begun = "", quotes = ""] = each.match(SEVERAL) ?? [];
      ends = each.slice(begun.length).includes(quotes) ? "" : quotes;
    } else if (HEADING.test(each)) [step, field] = [step + 1, "title"];
    else field = step === 0 && each.startsWith("# ") ? "title" : "body";
  }
  return { step, field };
}

/**
 * What a fault that the server has found belongs to.
 *
 * @param {string} text
 * @param {{line: number, field: string}} fault
 */
export function placeOfFault(text, fault) {
  const place = placeOf(text, fault.line);
  const [field] = (fault.field ?? "").split(".");
  return place.step && FIELDS.includes(field) ? { ...place, field } : place;
}

/**
 * A name of a file, made of a text: small letters, digits and hyphens.
 *
 * @param {string} text
 */
export const nameOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);

/**
 * The name and the language of a file, such as "mine.zh.md"; the first of the languages where its name has none.
 *
 * @param {string} file
 * @param {string[]} languages
 */
export function namedIn(file, languages) {
  const [, name, language] = file.match(/^(.+?)(?:\.([\w-]+))?\.md$/i) ?? [null, file];
  if (language && !languages.includes(language)) return { name: `${name}.${language}`, language: languages[0] };
  return { name, language: language ?? languages[0] };
}

/**
 * The name of a lesson's file in one of the languages.
 *
 * @param {{name: string, language: string}} lesson
 * @param {string[]} languages
 */
export const fileOf = ({ name, language }, languages) =>
  language === languages[0] ? `${name}.md` : `${name}.${language}.md`;
