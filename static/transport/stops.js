// The conditions at which training stops, as the server takes them.

/** @import { Until } from "../ask/messages.d.ts" */

/**
 * A condition of the list: its plain form, whether it goes with the one before it, and whether it is off.
 *
 * @typedef {Until & {and?: boolean, off?: boolean}} Stop
 */

/** NaN or infinity, before which training stops by itself. @type {Until} */
export const NOT_FINITE = { name: "not_finite" };

/**
 * The places of the conditions that are on, in groups of which all are to be true.
 *
 * @param {Stop[]} stops
 */
export function groupsOf(stops) {
  /** @type {number[][]} */
  const groups = [];
  for (const [place, { and }] of stops.entries()) {
    if (and && groups.length) groups[groups.length - 1].push(place);
    else groups.push([place]);
  }
  return groups.map((group) => group.filter((place) => !stops[place].off)).filter((group) => group.length);
}

/**
 * The conditions as one: any of the groups of which all are true. A list of one, or of none where none is on.
 *
 * @param {Stop[]} stops
 * @returns {Until[]}
 */
export function untilOf(stops) {
  const any = groupsOf(stops).map((group) => ({
    all: group.map((place) => {
      const { and: _and, off: _off, ...condition } = stops[place];
      return condition;
    }),
  }));
  return any.length ? [{ any }] : [];
}

/**
 * What playing stops at: NaN or infinity, until a person has been told of it, and the conditions.
 *
 * @param {{trouble: any, stops: Stop[]}} state
 */
export const stopsOf = ({ trouble, stops }) => [...(trouble ? [] : [NOT_FINITE]), ...untilOf(stops)];
