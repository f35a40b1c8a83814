// The true curve of C along one parameter: its tangent, where the parameter stands, and where it is dragged to.

import { draw } from "../../base/dom.js";
import { ticks } from "../../base/ticks.js";

const HEIGHT = 178;
const [LEFT, RIGHT, TOP, BOTTOM] = [54, 12, 16, 34];
const FLAT = 1e-5; // of C: a curve that varies less is drawn as flat as it is

const finite = (numbers) => numbers.filter(Number.isFinite);

/**
 * What the plot spans: [low, high] of the parameter and of C, with some air above and below.
 *
 * @returns {{x: [number, number], y: [number, number]}}
 */
function spanOf({ values, objectives, objective }) {
  const costs = [...finite(objectives), objective];
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const air = Math.max(0.08 * (high - low), FLAT * Math.abs(objective), 1e-12);
  return { x: [values[0], values.at(-1)], y: [low - air, high + air] };
}

/** A path through the finite points; it breaks at NaN and infinity. */
function pathOf(curve, x, y) {
  let pen = "M";
  return curve.values
    .map((value, i) => {
      const there = Number.isFinite(curve.objectives[i]);
      const piece = there ? `${pen}${x(value).toFixed(2)} ${y(curve.objectives[i]).toFixed(2)}` : "";
      pen = there ? "L" : "M";
      return piece;
    })
    .join("");
}

/**
 * @param {{x: [number, number], y: [number, number]}} span
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} width
 * @param {{C: string, w: string}} names
 */
function axes(span, x, y, width, { C, w }) {
  const across = ticks(...span.x, Math.max(2, Math.round((width - LEFT) / 75)));
  const bottom = HEIGHT - BOTTOM;
  const text = (left, top, anchor, content, name = "tick") =>
    draw("text", { x: left, y: top, "text-anchor": anchor, class: name }, content);
  return draw(
    "g",
    {},
    draw("path", { class: "axis", d: `M${LEFT} ${TOP}V${bottom}H${width - RIGHT}` }),
    ...ticks(...span.y, 4).flatMap(([number, label]) => [
      draw("path", { class: "grid", d: `M${LEFT} ${y(number)}H${width - RIGHT}` }),
      text(LEFT - 6, y(number) + 3.5, "end", label),
    ]),
    ...across.flatMap(([number, label]) => [
      draw("path", { class: "grid", d: `M${x(number)} ${bottom}v4` }),
      text(x(number), bottom + 16, "middle", label),
    ]),
    text(LEFT, TOP - 5, "middle", C, "name"),
    text((LEFT + width - RIGHT) / 2, HEIGHT - 4, "middle", w, "name"),
  );
}

/**
 * The plot, whose clip path has this id. `show(curve, look)` draws it, as soon as it has a width: `resized()` is called where that is another one.
 * `shareAt(clientX)` is where a point lies on it, −1 at the left, 1 at the right.
 */
export function createTrueCurve(life, clip, resized) {
  const svg = draw("svg", { class: "true-curve", role: "img", height: HEIGHT });
  let width = 0; // kept: it is slow to read when anything has been written
  life.resized(([{ contentRect }]) => {
    if (!contentRect.width || contentRect.width === width) return; // it is hidden, or is shown again
    width = contentRect.width;
    resized();
  }, svg);

  /**
   * `look` is {letters, label, dragged, point}: `dragged` the value that it is dragged to, `point` the {value,
   * objective} computed last on the way; either may be null. All else stands in the curve.
   */
  function show(curve, { letters, label, dragged, point }) {
    if (!width) return;
    const span = spanOf(curve);
    const x = (value) => LEFT + ((value - span.x[0]) / (span.x[1] - span.x[0])) * (width - LEFT - RIGHT);
    const y = (cost) => HEIGHT - BOTTOM - ((cost - span.y[0]) / (span.y[1] - span.y[0])) * (HEIGHT - TOP - BOTTOM);
    const { value, objective, analytic, moved } = curve;
    const dot = (name, at, radius) => draw("circle", { class: name, cx: x(at.value), cy: y(at.objective), r: radius });
    const inside = (at) => at && Number.isFinite(at.objective) && at.value >= span.x[0] && at.value <= span.x[1];
    const ends = span.x.map((end) => `${x(end)} ${y(objective + analytic * (end - value))}`);
    const way = analytic > 0 ? "down" : analytic < 0 ? "up" : "";
    const frame = { x: LEFT, y: TOP - 6, width: Math.max(0, width - LEFT - RIGHT), height: HEIGHT - TOP - BOTTOM + 6 };
    svg.setAttribute("aria-label", label);
    svg.replaceChildren(
      draw("clipPath", { id: clip }, draw("rect", frame)),
      axes(span, x, y, width, letters),
      draw(
        "g",
        { "clip-path": `url(#${clip})` },
        draw("path", { class: `tangent ${way}`, d: `M${ends.join("L")}` }),
        draw("path", { class: "cost", d: pathOf(curve, x, y) }),
        ...(dragged === null
          ? []
          : [draw("path", { class: "guide", d: `M${x(dragged)} ${TOP - 6}V${HEIGHT - BOTTOM}` })]),
      ),
      ...(inside(moved) ? [dot("moved", moved, 6.5)] : []),
      dot(dragged === null ? "here" : "rest", curve, 4.5),
      ...(dragged !== null && inside(point) ? [dot("here", point, 5)] : []),
    );
  }

  function shareAt(clientX) {
    const box = svg.getBoundingClientRect();
    const share = (clientX - box.left - LEFT) / Math.max(1, box.width - LEFT - RIGHT);
    return Math.max(-1, Math.min(1, 2 * share - 1));
  }

  return { svg, show, shareAt };
}
