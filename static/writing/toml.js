// Plain values as TOML, each in one line; a field's text of several lines in as many.

/** What TOML allows in no text as it is: control characters, but for a tab. */
const CONTROL = /[^\P{Cc}\t]/u;
const ESCAPED = /[\p{Cc}"\\]/gu;

/** @type {Record<string, string>} */
const SHORT = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\" };

/** @param {string} letter */
const escaped = (letter) => SHORT[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * A text; in single quotes, in which nothing has a meaning, where it has marks that would have one in others.
 *
 * @param {string} text
 */
const quoted = (text) =>
  /["\\]/.test(text) && !text.includes("'") && !CONTROL.test(text)
    ? `'${text}'`
    : `"${text.replace(ESCAPED, escaped)}"`;

/** @param {string} name */
const key = (name) => (/^[\w-]+$/.test(name) ? name : quoted(name));

/** A text without half a letter, which is none. @param {string} text */
const whole = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

/**
 * A value of texts, numbers, truths, lists and objects.
 *
 * @param {any} value
 * @returns {string}
 */
export function toml(value) {
  if (typeof value === "string") return quoted(whole(value));
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (value === null || typeof value !== "object") return String(value);
  const fields = Object.entries(value).map(([name, each]) => pair(name, each));
  return `{${fields.join(", ")}}`;
}

/** A field in a line. @param {string} name @param {any} value */
const pair = (name, value) => `${key(name)} = ${toml(value)}`;

/** A text of several lines, as they are. @param {string} text */
const lines = (text) => `"""\n${text.replace(/[\p{Cc}"\\]/gu, (each) => (each === "\n" ? each : escaped(each)))}"""`;

/** Whether a text can stand in lines of its own: none of them ends the block. @param {any} value */
const hasLines = (value) => typeof value === "string" && value.includes("\n") && !/^[ \t]*```/m.test(value);

/** A field of a block. @param {string} name @param {any} value */
export const field = (name, value) => (hasLines(value) ? `${key(name)} = ${lines(whole(value))}` : pair(name, value));
