// The curves of a run: points by moment, thinned where they grow many, kept when going back.

const MOST = 1000;

/** Curves with a point added; a point at the same moment is replaced. */
export function withPoint(curves, name, t, value) {
  const points = curves[name] ?? [];
  let place = points.length;
  while (place > 0 && points[place - 1].t >= t) place -= 1;
  const same = points[place]?.t === t;
  const longer = [...points.slice(0, place), { t, value }, ...points.slice(same ? place + 1 : place)];
  return { ...curves, [name]: longer.length > MOST ? thin(longer) : longer };
}

/** Every other point, with the first and the last kept. */
function thin(points) {
  return points.filter((_, place) => place % 2 === 0 || place === points.length - 1);
}

/** Curves without what lies after t: a change has made another future. */
export const upTo = (curves, t) =>
  Object.fromEntries(Object.entries(curves).map(([name, points]) => [name, points.filter((point) => point.t <= t)]));
