// The loss panel: the loss and all else that tells how the training goes, over the training steps, with Plotly.

import { keepEvaluated } from "./evaluation.js";
import { CHARTS, isZero, marksOf, traces } from "./charts.js";
import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { brief, count } from "../base/numbers.js";
import { segmentAt, stepsAt } from "../base/time.js";
import { say } from "../base/words.js";
import { flag, oneOf } from "../base/codecs.js";
import { ofRun, ofView } from "../base/keys.js";

const [REDRAW, REST] = [250, 30]; // while playing, milliseconds between two redraws at least, and times what the last one took
const [AFTER, LATEST] = [450, 1500]; // else milliseconds after what is to be shown, when the network has moved, and at the latest
const PLOTLY = "plotly.min.js";
const SOON = 50; // milliseconds after the first painting
const AGAIN = 1000; // milliseconds after plotly.js was not to be had

// Times the first value: a run that explodes must not flatten all that comes after. What comes before weights that were
// drawn anew matters less.
const OFF_SCALE = { before: 20, after: 1000 };

/** The training step from which the weights of the moment come: the first one, or one that drew them anew. */
function beginningOf({ listing, moment }) {
  const anew = (listing.experiment.changes ?? []).findLast(({ t, initializer }) => initializer && t <= moment.t);
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

function layout(state, colours, font, drawn) {
  const { words, moment, listing, chart: name } = state;
  const chart = CHARTS[name];
  const logarithmic = chart.histogram || chart.share ? false : state.logarithmic !== Boolean(chart.logarithmic);
  const axis = {
    gridcolor: colours.rule,
    zeroline: false,
    tickfont: { size: 10.5, color: colours.muted },
    fixedrange: true,
  };
  const x = stepsAt(listing, moment.t);
  const range = logarithmic || chart.histogram ? undefined : rangeOf(drawn, beginningOf(state));
  const limit = chart.limit?.(segmentAt(listing, moment.t));
  const second = drawn.some(({ yaxis }) => yaxis === "y2");
  /** @type {object[]} */
  const marks = chart.histogram
    ? []
    : [{ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { color: colours.now, width: 1.5 } }];
  if (limit)
    marks.push({
      type: "line",
      xref: "paper",
      x0: 0,
      x1: 1,
      y0: limit,
      y1: limit,
      line: { color: colours.muted, width: 1.2, dash: "dot" },
    });
  return {
    margin: { l: 46, r: second ? 44 : 14, t: 6, b: 28 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, color: colours.muted, size: 11 },
    hovermode: "x unified",
    showlegend: drawn.length > 1 && name !== "loss",
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
    shapes: marks,
  };
}

/** Resolves to plotly.js, which all mounts of a document share, or to null where it could not be had. */
function load(life) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  const coming = document.head.querySelector(`script[src="${PLOTLY}"]`);
  const script = coming ?? make("script", { src: PLOTLY });
  return new Promise((resolve) => {
    const hears = [life.listen(script, "load", end), life.listen(script, "error", end)];
    function end({ type }) {
      for (const stop of hears) stop();
      if (type === "error") script.remove();
      resolve(globalThis.Plotly ?? null);
    }
    if (!coming) document.head.append(script);
  });
}

function mount(root, { store }) {
  const plot = root.querySelector("[data-part=plot]");
  const summary = root.querySelector("[data-part=summary]");
  const empty = root.querySelector("[data-part=empty]");
  const scale = root.querySelector("[data-control=logarithmic]");
  const chooser = root.querySelector("[data-control=chart]");
  const { life } = store;
  const { fontFamily: font } = getComputedStyle(root);
  let plotly = null;
  let colours = palette(root);
  let [planned, hurried] = [null, null]; // timers: another moment waits, what a person asked for does not
  let [drawn, took, asked] = [0, 0, null]; // when it was drawn last, how long that took, and since when another waits

  function draw() {
    for (const timer of [planned, hurried]) life.cancel(timer);
    asked = null;
    const state = store.get();
    if (!plotly || !state.moment || !plot.clientWidth) return;
    const began = performance.now();
    const lines = traces(state, state.chart, colours);
    const zero = isZero(lines);
    empty.hidden = lines.length > 0 && !zero;
    empty.textContent = say(state.words, zero ? "chart.zero" : `chart.${state.chart}.empty`);
    plotly.react(
      plot,
      lines,
      { ...layout(state, colours, font, lines), width: plot.clientWidth, height: plot.clientHeight },
      { displayModeBar: false, responsive: false },
    );
    drawn = performance.now();
    took = drawn - began;
  }

  function plan() {
    life.cancel(planned);
    const now = performance.now();
    asked ??= now;
    const at = store.get().playing ? drawn + Math.max(REDRAW, REST * took) : Math.min(now + AFTER, asked + LATEST);
    planned = life.later(draw, Math.max(0, at - now));
  }

  function summarize({ evaluation, words, listing, chart }) {
    if (chart !== "loss") {
      summary.replaceChildren(make("span", { textContent: say(words, `chart.${chart}.says`) }));
      return;
    }
    if (!evaluation || !listing) {
      summary.textContent = "";
      return;
    }
    const parts = ["training", "held_out"].map((split) => {
      const { loss, accuracy, of } = evaluation[split];
      const part = make(
        "span",
        {},
        say(words, of ? `summary.${split}` : `summary.${split}.none`, { loss: brief(loss) }),
      );
      if (accuracy !== null)
        part.append(
          " · ",
          make("b", {}, say(words, "summary.accuracy", { accuracy: `${(100 * accuracy).toFixed(1)} %` })),
        );
      return part;
    });
    const { examples, of } = evaluation.held_out;
    if (examples < of) parts.push(make("small", {}, say(words, "summary.sample", { examples: count(examples) })));
    summary.replaceChildren(...parts);
  }

  function offer({ words, listing, chart }) {
    if (!listing) return;
    chooser.replaceChildren(
      ...Object.keys(CHARTS).map((name) => make("option", { value: name, textContent: say(words, `chart.${name}`) })),
    );
    chooser.value = chart;
    scale.hidden = Boolean(CHARTS[chart].share || CHARTS[chart].histogram);
  }

  /** Draw as soon as all that belongs together has been set. */
  function soon() {
    life.cancel(hurried);
    hurried = life.later(draw);
  }

  scale.addEventListener("click", () => store.set({ logarithmic: !store.get().logarithmic }));
  chooser.addEventListener("change", () => store.set({ chart: chooser.value }));
  store.on(["curves", "moment", "diagnosis"], plan);
  store.on(["words", "logarithmic", "listing", "chart"], soon);
  store.on(["evaluation", "words", "listing", "chart"], summarize);
  store.on(["words", "listing", "chart"], offer);
  store.on(["logarithmic", "words", "chart"], ({ logarithmic, words, chart }) => {
    const used = logarithmic !== Boolean(CHARTS[chart].logarithmic);
    scale.setAttribute("aria-pressed", String(used));
    scale.textContent = say(words, used ? "scale.logarithmic" : "scale.linear");
  });
  store.on(["theme"], () => {
    colours = palette(root);
    soon();
  });
  life.resized(soon, plot);
  /** Fetch plotly.js, once the page works without it; where the server is away, when it is back. */
  async function begin() {
    while (!(plotly = await load(life))) await life.pause(AGAIN);
    life.atEnd(() => plotly.purge(plot));
    root.classList.add("loaded");
    draw();
  }

  let begun = false; // plotly.js is large: it comes once the network is there
  store.on(["moment"], ({ moment }) => {
    if (begun || !moment) return;
    begun = true;
    life.frame(() => life.later(begin, SOON));
  });
  return {
    marks() {
      const state = store.get();
      return state.listing ? marksOf(state, state.chart, colours) : [];
    },
  };
}

/** @type {import("../base/feature.js").Feature} */
export const loss = {
  name: "loss",
  slot: "loss",
  state: {
    evaluation: ofRun(null),
    chart: ofView("loss", oneOf(CHARTS)),
    logarithmic: ofView(false, flag),
  },
  keep: keepEvaluated,
  mount,
};
