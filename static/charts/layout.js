// How a chart is laid out: its axes and their ranges, its legend, and the lines over it.

import { CHARTS } from "./charts.js";
import { segmentAt, stepsAt } from "../base/time.js";
import { say } from "../base/words.js";

// Times the first value: a run that explodes must not flatten all that comes after. What comes before weights that were
// drawn anew matters less.
const OFF_SCALE = { before: 20, after: 1000 };

/** The training step from which the weights of the moment come: the first one, or one that drew them anew. */
function beginningOf({ listing, moment }) {
  const anew = (listing.experiment.changes ?? []).findLast(
    ({ t, initializer, initial_scale: scale }) => (initializer ?? scale) !== undefined && t <= moment.t,
  );
  return anew ? Math.ceil(stepsAt(listing, anew.t)) : 0;
}

/** The range of a linear axis where some values are off all scales, else undefined: plotly finds it. */
function rangeOf(drawn, beginning) {
  const isAfter = (x) => x >= beginning;
  const points = drawn
    .filter(({ yaxis }) => yaxis === "y")
    .flatMap(({ x, y }) => x.map((each, i) => ({ x: each, y: y[i] })));
  const values = points.filter(({ y }) => y !== null);
  const first = Math.abs(drawn[0]?.y.find((value, i) => value !== null && isAfter(drawn[0].x[i])) ?? Infinity);
  const shown = values.filter(({ x, y }) => y <= first * OFF_SCALE[isAfter(x) ? "after" : "before"]);
  return first > 0 && shown.length < values.length ? [0, 1.05 * Math.max(...shown.map(({ y }) => y))] : undefined;
}

/** A line across the chart, or up and down it, where the moment is. */
const lineAt = (place, line) => ({ type: "line", ...place, line });

/** The lines over a chart: the moment that is shown, and the limit that the values have, if any. */
function linesOf({ moment, listing }, chart, colours) {
  if (chart.histogram) return [];
  const x = stepsAt(listing, moment.t);
  const limit = chart.limit?.(segmentAt(listing, moment.t));
  const here = lineAt({ x0: x, x1: x, y0: 0, y1: 1, yref: "paper" }, { color: colours.now, width: 1.5 });
  if (!limit) return [here];
  const across = { xref: "paper", x0: 0, x1: 1, y0: limit, y1: limit };
  return [here, lineAt(across, { color: colours.muted, width: 1.2, dash: "dot" })];
}

/** How plotly is to lay out the chart of a state, of which these traces are drawn. */
export function layoutOf(state, colours, font, drawn) {
  const { words } = state;
  const chart = CHARTS[state.chart];
  const logarithmic = chart.histogram || chart.share ? false : state.logarithmic !== Boolean(chart.logarithmic);
  const axis = {
    gridcolor: colours.rule,
    zeroline: false,
    tickfont: { size: 10.5, color: colours.muted },
    fixedrange: true,
  };
  const range = logarithmic || chart.histogram ? undefined : rangeOf(drawn, beginningOf(state));
  const second = drawn.some(({ yaxis }) => yaxis === "y2");
  return {
    margin: { l: 46, r: second ? 44 : 14, t: 6, b: 28 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, color: colours.muted, size: 11 },
    hovermode: "x unified",
    showlegend: drawn.length > 1 && !chart.summary,
    legend: { orientation: "v", x: 1.01, y: 1, font: { size: 10.5, color: colours.muted } },
    hoverlabel: {
      bgcolor: colours.surface,
      bordercolor: colours.rule,
      font: { color: colours.text, size: 11.5, family: font },
    },
    xaxis: {
      ...axis,
      rangemode: chart.histogram ? "normal" : "tozero",
      showgrid: false,
      title: { text: say(words, chart.histogram ? "chart.value" : "training_step"), font: { size: 10.5 }, standoff: 4 },
      ...(chart.histogram ? { tickformat: ".3~g" } : { hoverformat: ",.0f", tickformat: ",~r" }),
    },
    yaxis: {
      ...axis,
      type: logarithmic ? "log" : "linear",
      rangemode: logarithmic ? "normal" : "tozero",
      nticks: 5,
      exponentformat: "power",
      ...(chart.share || chart.histogram ? { tickformat: ".0%" } : {}),
      ...(chart.share ? { range: [0, 1.02] } : {}),
      ...(range ? { range } : {}),
    },
    yaxis2: {
      ...axis,
      overlaying: "y",
      side: "right",
      range: [0, 1.02],
      tickformat: ".0%",
      showgrid: false,
      tickvals: [0, 0.5, 1],
      tickfont: { size: 10.5, color: colours.accuracy },
    },
    shapes: linesOf(state, chart, colours),
  };
}
