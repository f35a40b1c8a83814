// The curve of a run of a map: the losses of some of its training steps, on a logarithmic scale.

import { sized } from "../base/dom.js";
import { brief, count } from "../base/numbers.js";

const ROOM = { left: 46, right: 10, top: 8, bottom: 18 };

/** Paint the losses of these training steps on `canvas`; a dashed line marks the `level`, where it is above 0. */
export function paintCurve(canvas, { curve, steps, level, colours, font }) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const context = sized(canvas, width, height);
  const [wide, high] = [width - ROOM.left - ROOM.right, height - ROOM.top - ROOM.bottom];
  Object.assign(context, { font: `10.5px ${font}`, fillStyle: colours.muted, strokeStyle: colours.rule, lineWidth: 1 });
  context.strokeRect(ROOM.left + 0.5, ROOM.top + 0.5, wide, high);
  if (!curve) return;
  const shown = [...curve, level].filter((loss) => loss > 0 && Number.isFinite(loss));
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const x = (/** @type {number} */ step) => ROOM.left + (wide * step) / (steps.at(-1) || 1);
  const y = (/** @type {number} */ loss) =>
    ROOM.top + high * (1 - (Math.log(loss) - Math.log(least)) / (Math.log(most) - Math.log(least) || 1));
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  for (const loss of most > least ? [least, most] : [least]) context.fillText(brief(loss), ROOM.left - 5, y(loss));
  Object.assign(context, { textAlign: "center", textBaseline: "alphabetic" });
  for (const step of [steps[0], steps.at(-1)]) context.fillText(count(step), x(step), height - 4);
  if (level > 0) {
    context.strokeStyle = colours.line;
    context.setLineDash([4, 3]);
    context.strokeRect(ROOM.left, y(level), wide, 0);
    context.setLineDash([]);
  }
  Object.assign(context, { strokeStyle: colours.text, lineWidth: 1.8, lineJoin: "round" });
  context.beginPath();
  steps.forEach((step, i) => {
    if (curve[i] > 0 && Number.isFinite(curve[i])) context.lineTo(x(step), y(curve[i]));
  });
  context.stroke();
}
