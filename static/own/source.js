// Where a table comes from: pasted, chosen as a file, or dropped; and how it was read, which can be changed.

import { Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { say } from "../base/words.js";
import { field, select, toggle } from "../setup/fields.js";
import { textOf } from "./text.js";

const MEGABYTE = 2 ** 20;
const PASTED = 400; // milliseconds after the last letter until a text is read
const LONG = 200_000; // letters of a text that the field shows
/** What separates cells, by its name. @type {Record<string, string>} */
const NAMES = { "\t": "tab", ";": "semicolon", "|": "bar", ",": "comma" };

/** @typedef {import("./tables.js").Table} Table */

/** The text of a file; throws Refused where it is larger than the server takes. @type {(file: File, limit: number) => Promise<string>} */
async function readFile(file, limit) {
  if (file.size > limit) {
    const blanks = { limit: Math.floor(limit / MEGABYTE) };
    const details = { kind: "invalid", noun: "table", value: file.name, form: "megabytes", blanks };
    throw new Refused({ refused: "too large", field: "table", details });
  }
  return textOf(await file.arrayBuffer());
}

/**
 * The part of the form; `typed()` hears that a text is being changed, `given(table)` of each table that is to be read, and
 * `refuse(error)` of a file that is refused. `show(words, table, told)` shows what the server tells of it, or null.
 */
export function createSource(store, limit, { given, typed, refuse }) {
  const text = make("textarea", { rows: 5, spellcheck: false });
  const file = make("input", { type: "file", accept: ".csv,.tsv,.tab,.txt,text/*", hidden: true });
  const choose = make("button", { type: "button" });
  const read = make("p", { className: "quiet" });
  const how = make("div", { className: "own-how" });
  read.setAttribute("role", "status");
  text.dataset.label = "own.paste";
  choose.dataset.word = "own.file";
  read.dataset.part = "read";
  let due = null;

  /** Show the text of a table, unless it is too long for a field. */
  function fill(/** @type {string} */ whole) {
    text.value = whole.length > LONG ? "" : whole;
  }

  async function openFile(/** @type {File} */ chosen) {
    try {
      const whole = await readFile(chosen, limit);
      fill(whole);
      given({ name: chosen.name, text: whole });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(error);
    }
  }

  choose.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) openFile(chosen);
  });
  text.addEventListener("input", () => {
    store.life.cancel(due);
    typed();
    due = store.life.later(() => given({ name: "", text: text.value }), PASTED);
  });

  /** Say that a table is being read. */
  function wait(/** @type {import("../base/words.js").Words} */ words) {
    read.textContent = say(words, "own.reading");
  }

  function show(/** @type {import("../base/words.js").Words} */ words, /** @type {Table | null} */ table, told) {
    text.placeholder = say(words, "own.paste.example");
    read.textContent = told ? say(words, "own.read", { rows: count(told.rows), columns: told.columns.length }) : "";
    how.hidden = !told;
    if (!told) return;
    const options = Object.values(NAMES).map((name) => ({ value: name, text: say(words, `own.separator.${name}`) }));
    const again = (part) => given({ ...table, ...part });
    const separator = select(say(words, "own.separator"), NAMES[told.separator], options, (name) =>
      again({ separator: name }),
    );
    const header = toggle(say(words, "own.header"), told.header, (is) => again({ header: is ? "yes" : "no" }));
    how.replaceChildren(field("separator", say(words, "own.separator"), separator, null), header);
  }

  return {
    element: make("div", { className: "own-source" }, text, choose, file, read, how),
    fill,
    openFile,
    show,
    wait,
  };
}
