// The tables of a person's own data: each is given to the server, which calls it by its content, and is kept here so that
// it can be given again.

import { Refused } from "../ask/connection.js";
import { persevere, post } from "../ask/post.js";
import { keptIn } from "../base/kept.js";

const KEPT = "backscope.tables"; // where the browser keeps those that are not long
const LETTERS = 1_000_000; // of all that it keeps

/**
 * @typedef {object} Table
 * @property {string} name of the file, or of what else it came from
 * @property {string} text
 * @property {string} [separator] what is said of its notation, where it is not to be found
 * @property {string} [header]
 *
 * @typedef {[content: string, table: Table][]} Kept the newest first
 */

/** @type {(table: any) => boolean} */
const isTable = (table) => typeof table?.text === "string";

/** @type {(written: string | null) => Kept} */
function readKept(written) {
  try {
    const found = JSON.parse(written ?? "[]");
    return found.filter((/** @type {any} */ each) => typeof each?.[0] === "string" && isTable(each[1]));
  } catch {
    return [];
  }
}

/**
 * As many of the newest as there is room for.
 *
 * @param {Kept} all
 * @param {number} [room] letters
 */
export function fitting(all, room = LETTERS) {
  let left = room;
  return all.filter(([, { text }]) => {
    left -= text.length;
    return left >= 0;
  });
}

/** @param {{separator?: string, header?: string}} table */
function addressOf({ separator, header }) {
  const asked = new URLSearchParams({ ...(separator && { separator }), ...(header && { header }) });
  return asked.size ? `tables?${asked}` : "tables";
}

/**
 * @param {{open: () => Storage}} storage
 * @param {import("../base/types.js").Life} life
 */
export function createTables(storage, life) {
  const kept = keptIn(storage, KEPT, readKept);
  /** @type {Map<string, Table>} */
  const here = new Map(); // all that this page has had, however long

  /** @param {string} content */
  const get = (content) => here.get(content) ?? kept.get().find(([name]) => name === content)?.[1] ?? null;

  /**
   * Give the server a table. Resolves to what it tells of it; rejects with Refused or Lost.
   *
   * @param {Table} table
   */
  async function give(table) {
    const told = await post(addressOf(table), table.text);
    here.set(told.content, table);
    const others = kept.get().filter(([name]) => name !== told.content);
    kept.set(fitting([[told.content, table], ...others]));
    return told;
  }

  return {
    get,
    give,
    /** What a data set of this plain form is, before a run begins with it; rejects as `give` does. @type {(dataset: object, seed: number) => Promise<any>} */
    describe: (dataset, seed) => post("tables/described", JSON.stringify({ dataset, seed })),
    /**
     * Give the server the table of this experiment once more. Resolves to whether there was one to give.
     *
     * @param {any} experiment
     */
    async again({ dataset }) {
      const table = dataset.content ? get(dataset.content) : null;
      if (!table) return false;
      return persevere(() => give(table), life).catch((error) => {
        if (!(error instanceof Refused)) throw error;
        return false;
      });
    },
  };
}
