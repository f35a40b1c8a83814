// The heights along the paths: each moment's true loss, and the loss of the surface below it.

import { brief, count } from "../base/numbers.js";
import { stepsAt } from "../base/time.js";
import { ticks } from "../base/ticks.js";

const ROOM = { left: 46, right: 24, top: 8, bottom: 18 };

/** Where a moment and a loss lie on a canvas of this size. */
function placing({ paths, listing, scale, size }) {
  const steps = paths.flatMap(({ points }) => points.map(({ t }) => stepsAt(listing, t)));
  const losses = paths
    .flatMap(({ points }) => points.flatMap(({ loss, below }) => [loss, below]))
    .filter(Number.isFinite);
  const last = Math.max(1, ...steps);
  const shares = losses.map(scale.share);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const [width, height] = [size.width - ROOM.left - ROOM.right, size.height - ROOM.top - ROOM.bottom];
  return {
    last,
    x: (/** @type {number} */ t) => ROOM.left + (width * stepsAt(listing, t)) / last,
    ofStep: (/** @type {number} */ step) => ROOM.left + (width * step) / last,
    y: (/** @type {number} */ loss) => ROOM.top + height * (1 - (scale.share(loss) - least) / (most - least || 1)),
    ends: [scale.loss(least), scale.loss(most)],
  };
}

/** A line through those of the points that have a finite value. */
function line(context, points, x, y) {
  context.beginPath();
  for (const [t, loss] of points) if (Number.isFinite(loss)) context.lineTo(x(t), y(loss));
  context.stroke();
}

/** Paint the profile of the paths on a clear context; the moment `t` is marked. */
export function paintProfile(context, profile) {
  const { paths, colours, font, size, lane, t } = profile;
  const { x, y, ofStep, last, ends } = placing(profile);
  const bottom = size.height - ROOM.bottom;
  Object.assign(context, { font: `10.5px ${font}`, fillStyle: colours.muted, strokeStyle: colours.rule, lineWidth: 1 });
  context.strokeRect(ROOM.left + 0.5, ROOM.top - 3.5, size.width - ROOM.left - ROOM.right, bottom - ROOM.top + 4);
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  for (const loss of ends) context.fillText(brief(loss), ROOM.left - 6, y(loss));
  Object.assign(context, { textAlign: "center", textBaseline: "alphabetic" });
  for (const [step] of ticks(0, last, 6))
    if (Number.isInteger(step)) context.fillText(count(step), ofStep(step), size.height - 4);
  paths.forEach(({ run, points }) => {
    const { colour } = lane(run);
    Object.assign(context, { strokeStyle: colour, lineWidth: 1, globalAlpha: 0.5 });
    for (const { t: at, loss, below } of points)
      line(
        context,
        [
          [at, loss],
          [at, below],
        ],
        x,
        y,
      ); // prettier-ignore
    Object.assign(context, { globalAlpha: 1, lineWidth: 1.4 });
    context.setLineDash([4, 3]);
    line(
      context,
      points.map(({ t: at, below }) => [at, below]),
      x,
      y,
    ); // prettier-ignore
    context.setLineDash([]);
    context.lineWidth = 2;
    line(
      context,
      points.map(({ t: at, loss }) => [at, loss]),
      x,
      y,
    ); // prettier-ignore
  });
  Object.assign(context, { strokeStyle: colours.now, lineWidth: 1.5 });
  context.beginPath();
  context.moveTo(x(Math.min(t, profile.latest)), ROOM.top - 3);
  context.lineTo(x(Math.min(t, profile.latest)), bottom);
  context.stroke();
}

/** The moment of the paths that is nearest to a place across the profile. */
export function momentAt(across, profile) {
  const { x } = placing(profile);
  const moments = profile.paths.flatMap(({ points }) => points.map(({ t }) => t));
  return moments.reduce((best, t) => (Math.abs(x(t) - across) < Math.abs(x(best) - across) ? t : best), moments[0]);
}
