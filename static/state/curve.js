// The curves of a run: points by moment, thinned where they grow many, kept when going back.

/** @typedef {Record<string, {t: number, value: number}[]>} Curves Points by the name of their curve. */

const MOST = 1000;

/**
 * Curves with a point added; a point at the same moment is replaced.
 *
 * @param {Curves} curves
 * @param {string} name
 * @param {number} t
 * @param {number} value
 * @returns {Curves}
 */
export function withPoint(curves, name, t, value) {
  const points = curves[name] ?? [];
  let place = points.length;
  while (place > 0 && points[place - 1].t >= t) place -= 1;
  const same = points[place]?.t === t;
  const longer = [...points.slice(0, place), { t, value }, ...points.slice(same ? place + 1 : place)];
  return { ...curves, [name]: longer.length > MOST ? thin(longer) : longer };
}

/**
 * Every other point, with the first and the last kept.
 *
 * @param {{t: number, value: number}[]} points
 */
function thin(points) {
  return points.filter((_, place) => place % 2 === 0 || place === points.length - 1);
}

/**
 * Curves without what lies after t: a change has made another future.
 *
 * @param {Curves} curves
 * @param {number} t
 * @returns {Curves}
 */
export const upTo = (curves, t) =>
  Object.fromEntries(Object.entries(curves).map(([name, points]) => [name, points.filter((point) => point.t <= t)]));
