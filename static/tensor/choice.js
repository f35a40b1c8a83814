// The select of all tensors of a run: in groups by the phase that computes them, those not there yet with "—".

import { make } from "../base/dom.js";
import { locate } from "../base/time.js";
import { say } from "../base/words.js";

/** @import { Listing, Moment } from "../base/types.js" */
/** @import { Words } from "../base/words.js" */

const KEPT = "kept"; // the group of what lives from one training step to the next
const ELSEWHERE = "elsewhere"; // and of what the program in force has not

/**
 * The names of all tensors by group, in the order of the program in force at t.
 *
 * @param {Listing} listing
 * @param {number} t
 * @returns {[group: string, names: string[]][]}
 */
export function groups(listing, t) {
  const { program } = locate(listing, t).segment;
  /** @type {Record<string, string[]>} */
  const found = { [KEPT]: [] };
  const seen = new Set();
  /**
   * @param {string} group
   * @param {string} name
   */
  const add = (group, name) => seen.has(name) || (seen.add(name), (found[group] ??= []).push(name));
  for (const { phase, reads, writes } of program) {
    for (const name of reads) add(KEPT, name); // nothing has written it before
    for (const name of writes) add(phase, name);
  }
  for (const name of Object.keys(listing.tensors)) add(ELSEWHERE, name);
  return Object.entries(found).filter(([, names]) => names.length);
}

/**
 * @param {Words} words
 * @param {string} group
 */
const title = (words, group) =>
  say(words, group === KEPT ? "matrix.kept" : group === ELSEWHERE ? "matrix.elsewhere" : `phase.${group}`);

/**
 * Put the tensors into a select, after an option that follows along: to the tensor `followed` now.
 *
 * @param {HTMLSelectElement} select
 * @param {{words: Words, listing: Listing, moment: Moment, matrix: {tensor: string | null}}} state
 * @param {string} followed
 */
export function fillChoice(select, { words, listing, moment, matrix }, followed) {
  const key = [
    words["language.code"],
    followed,
    ...Object.keys(listing.tensors).map((name) => moment.has(name)),
  ].join();
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    /** @param {string} name */
    const option = (name) => make("option", { value: name, textContent: moment.has(name) ? name : `${name} —` });
    select.replaceChildren(
      make("option", { value: "", textContent: say(words, "matrix.follow", { tensor: followed }) }),
      ...groups(listing, moment.t).map(([group, names]) =>
        make("optgroup", { label: title(words, group) }, ...names.map(option)),
      ),
    );
  }
  select.value = matrix.tensor in listing.tensors ? matrix.tensor : "";
}
