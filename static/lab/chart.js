// The losses of all lanes on one chart, against training steps, examples, or seconds of training.

import { csvOf } from "../base/csv.js";
import { sized, make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { ticks } from "../base/ticks.js";
import { say } from "../base/words.js";
import { AXES } from "./feature.js";
import { alongAxis, partsOf, spanOf } from "./paths.js";

const MARGIN = { left: 40, top: 8, right: 10, bottom: 22 };
const REDRAW = 100; // milliseconds between two drawings while it plays
const LOSS = "mini_batch.loss";

/**
 * The numbers along the upright axis, which is logarithmic or not, with their texts.
 *
 * @returns {[number, string][]}
 */
function levelsOf({ low, high }, logarithmic) {
  if (!logarithmic) return ticks(low, high, 4);
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const count = Math.max(0, Math.floor(Math.log10(high) + 1e-9) - first + 1);
  const every = Math.max(1, Math.ceil(count / 5));
  return Array.from({ length: count }, (_, i) => first + i)
    .filter((_, i) => i % every === 0)
    .map((power) => /** @type {[number, string]} */ ([10 ** power, `1e${power}`.replace("-", "−")]));
}

/** Paint lines of a span into a box; `colourOf(name)` is a lane's, `here` the place of the moment along the axis. */
function paint(context, lines, { span, logarithmic, box, colours, font, colourOf, here }) {
  context.font = `10.5px ${font}`;
  context.textBaseline = "middle";
  for (const [value, text] of levelsOf(span, logarithmic)) {
    const [[{ y }]] = partsOf({ name: "", points: [{ x: 0, y: value }] }, span, logarithmic, box);
    context.fillStyle = colours.rule;
    context.fillRect(box.left, Math.round(y), box.width, 1);
    context.fillStyle = colours.muted;
    context.textAlign = "right";
    context.fillText(text, box.left - 5, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [value, text] of ticks(0, span.right, 5))
    context.fillText(text, box.left + (value / span.right) * box.width, box.top + box.height + 6);
  context.lineJoin = "round";
  for (const line of lines) {
    context.strokeStyle = context.fillStyle = colourOf(line.name);
    context.lineWidth = 1.8;
    for (const part of partsOf(line, span, logarithmic, box)) {
      context.beginPath();
      for (const { x, y } of part) context.lineTo(x, y);
      context.stroke();
      const { x, y } = part.at(-1);
      context.beginPath();
      context.arc(x, y, 2.4, 0, 2 * Math.PI);
      context.fill();
    }
  }
  if (!(here <= span.right)) return;
  context.fillStyle = colours.now;
  context.fillRect(box.left + (here / span.right) * box.width - 0.75, box.top, 1.5, box.height);
}

/** The points of lines along an axis, as a table. @returns {import("../base/feature.js").Table} */
function tableOf(lines, axis) {
  const rows = lines.flatMap(({ name, points }) => points.map(({ x, y }) => [name, x, y]));
  return { name: "lanes", word: "along.lanes", csv: () => csvOf([["lane", axis, "loss"], ...rows]) };
}

/** The chart in `root`. `theme()` has colours and font, `colourOf(name)` a lane's colour. Returns {show, lines, pictures, tables}. */
export function createChart(root, { store }, lanes, theme, colourOf) {
  const heading = make("h2");
  const axes = make("div", { className: "choices" });
  axes.setAttribute("role", "group");
  const buttons = AXES.map((axis) => {
    const button = make("button", { type: "button", className: "quiet-button" });
    button.addEventListener("click", () => store.set({ laneAxis: axis }));
    axes.append(button);
    return /** @type {const} */ ([axis, button]);
  });
  const scale = make("button", { type: "button", className: "quiet-button" });
  scale.addEventListener("click", () => store.set({ laneLogarithmic: !store.get().laneLogarithmic }));
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  const note = make("p", { className: "quiet" });
  root.append(
    make("div", { className: "heading" }, heading, scale),
    axes,
    make("div", { className: "lane-plot" }, canvas),
    note,
  );
  /** @type {Map<any, number>} */
  const seconds = new Map(); // of a training step, by the lane's store
  let [timer, last] = [null, -Infinity];
  let picture = null; // what is drawn

  function lines() {
    const { laneAxis } = store.get();
    return lanes.all().flatMap(({ name, store: own }) => {
      const { listing, curves } = own.get();
      if (!listing) return [];
      const of = ({ t, value }) => ({ x: alongAxis(listing, t, laneAxis, seconds.get(own) ?? null), y: value });
      return [{ name, points: (curves[LOSS] ?? []).map(of) }];
    });
  }

  /** Have a training step of each lane measured, where that is not known. */
  async function measure() {
    for (const { store: own, ask } of lanes.all()) {
      if (seconds.has(own) || !own.get().moment) continue;
      seconds.set(own, Number.NaN);
      const answer = await ask({ question: "times", of: "mini_batch" });
      if (answer?.found) seconds.set(own, answer.found.total);
      else seconds.delete(own);
    }
    plan();
  }

  function draw() {
    timer = null;
    last = performance.now();
    const { words, laneAxis, laneLogarithmic: logarithmic, listing, moment, stage, playing } = store.get();
    const { clientWidth: width, clientHeight: height } = canvas.parentElement;
    if (stage !== "laboratory" || !moment || width < 80) return;
    if (laneAxis === "seconds" && !playing) measure();
    const box = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: width - MARGIN.left - MARGIN.right,
      height: height - MARGIN.top - MARGIN.bottom,
    };
    const drawn = lines();
    const span = spanOf(drawn, logarithmic);
    const here = alongAxis(listing, moment.t, laneAxis, seconds.get(store) ?? null);
    const look = { span, logarithmic, box, ...theme(), colourOf, here };
    picture = { name: "lanes", word: "along.lanes", width, height, paint: (context) => paint(context, drawn, look) };
    picture.paint(sized(canvas, width, height));
    const ends = drawn.map(({ name, points }) =>
      say(words, "lane.chart.end", { name, loss: points.length ? brief(points.at(-1).y) : "—" }),
    );
    canvas.ariaLabel = say(words, "lane.chart.says", { ends, axis: say(words, `lane.axis.${laneAxis}`) });
  }

  function plan() {
    timer ??= store.life.later(draw, store.get().playing ? Math.max(0, last + REDRAW - performance.now()) : 0);
  }

  store.on(["laneAxis", "laneLogarithmic", "stage", "theme"], plan);
  store.life.resized(plan, canvas.parentElement);
  return {
    plan,
    lines,
    pictures: () => (picture ? [picture] : []),
    tables: () => [tableOf(lines(), store.get().laneAxis)],
    show() {
      const { words, laneAxis, laneLogarithmic } = store.get();
      heading.textContent = say(words, "lane.chart");
      axes.ariaLabel = say(words, "lane.axis");
      for (const [axis, button] of buttons) {
        button.textContent = say(words, `lane.axis.${axis}`);
        button.setAttribute("aria-pressed", String(axis === laneAxis));
      }
      scale.textContent = say(words, laneLogarithmic ? "scale.logarithmic" : "scale.linear");
      scale.title = say(words, "scale.hint");
      scale.setAttribute("aria-pressed", String(laneLogarithmic));
      note.textContent = laneAxis === "seconds" ? say(words, "lane.axis.seconds.says") : "";
      plan();
    },
  };
}
