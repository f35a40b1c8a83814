// The loss panel: training and held-out loss and accuracy over the training steps, with Plotly.

import { palette } from "../colours.js";
import { make } from "../dom.js";
import { brief, count } from "../numbers.js";
import { say } from "../words.js";

const REDRAW = 110; // milliseconds: at most about ten redraws a second

const SERIES = [
  { name: "mini_batch.loss", colour: "line", width: 1, dash: "solid", axis: "y", opacity: 0.55 },
  { name: "training.loss", colour: "text", width: 1.8, dash: "solid", axis: "y" },
  { name: "held_out.loss", colour: "text", width: 1.8, dash: "dash", axis: "y" },
  { name: "training.accuracy", colour: "accuracy", width: 1.5, dash: "solid", axis: "y2" },
  { name: "held_out.accuracy", colour: "accuracy", width: 1.5, dash: "dash", axis: "y2" },
];

function traces({ curves, listing, words }, colours) {
  const length = listing.program.length;
  return SERIES.filter(({ name }) => curves[name].length).map(({ name, colour, width, dash, axis, opacity = 1 }) => ({
    name: say(words, `series.${name}`),
    x: curves[name].map(({ t }) => t / length),
    y: curves[name].map(({ value }) => (Number.isFinite(value) ? value : null)),
    yaxis: axis, mode: curves[name].length > 1 ? "lines" : "markers", type: "scatter", opacity,
    line: { color: colours[colour], width, dash }, marker: { color: colours[colour], size: 5 },
    hovertemplate: axis === "y2" ? "%{y:.1%}" : "%{y:.4g}",
  }));
}

function chart({ words, moment, listing, logarithmic, curves }, colours, font) {
  const axis = { gridcolor: colours.rule, zeroline: false, tickfont: { size: 10.5, color: colours.muted }, fixedrange: true };
  const x = moment.t / listing.program.length;
  return {
    margin: { l: 46, r: curves["training.accuracy"].length ? 44 : 14, t: 6, b: 28 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, color: colours.muted, size: 11 }, showlegend: false, hovermode: "x unified",
    hoverlabel: { bgcolor: colours.surface, bordercolor: colours.rule, font: { color: colours.text, size: 11.5, family: font } },
    xaxis: { ...axis, rangemode: "tozero", title: { text: say(words, "training_step"), font: { size: 10.5 }, standoff: 4 }, hoverformat: ",.0f", showgrid: false, tickformat: ",~r" },
    yaxis: { ...axis, type: logarithmic ? "log" : "linear", rangemode: logarithmic ? "normal" : "tozero", nticks: 5, exponentformat: "power" },
    yaxis2: { ...axis, overlaying: "y", side: "right", range: [0, 1.02], tickformat: ".0%", showgrid: false, tickvals: [0, 0.5, 1], tickfont: { size: 10.5, color: colours.accuracy } },
    shapes: [{ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { color: colours.now, width: 1.5 } }],
  };
}

function load() {
  return new Promise((resolve, reject) => {
    const script = make("script", { src: "plotly.min.js" });
    script.addEventListener("load", () => resolve(globalThis.Plotly));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

export function lossPanel(root, store) {
  const plot = root.querySelector("[data-part=plot]");
  const summary = root.querySelector("[data-part=summary]");
  const scale = root.querySelector("[data-control=logarithmic]");
  let plotly = null;
  let colours = palette();
  let timer = null;
  let drawn = 0;

  function draw() {
    timer = null;
    const state = store.get();
    if (!plotly || !state.moment || !plot.clientWidth) return;
    drawn = performance.now();
    const font = getComputedStyle(root).fontFamily;
    plotly.react(plot, traces(state, colours), { ...chart(state, colours, font), width: plot.clientWidth, height: plot.clientHeight }, { displayModeBar: false, responsive: false });
  }

  function plan() {
    timer ??= setTimeout(draw, Math.max(0, drawn + REDRAW - performance.now()));
  }

  function summarize({ evaluation, words, listing }) {
    if (!evaluation || !listing) {
      summary.textContent = "";
      return;
    }
    const parts = ["training", "held_out"].map((split) => {
      const { loss, accuracy, of } = evaluation[split];
      const part = make("span", {}, say(words, of ? `summary.${split}` : `summary.${split}.none`, { loss: brief(loss) }));
      if (accuracy !== null) part.append(" · ", make("b", {}, say(words, "summary.accuracy", { accuracy: `${(100 * accuracy).toFixed(1)} %` })));
      return part;
    });
    const { examples, of } = evaluation.held_out;
    if (examples < of) parts.push(make("small", {}, say(words, "summary.sample", { examples: count(examples) })));
    summary.replaceChildren(...parts);
  }

  scale.addEventListener("click", () => store.set({ logarithmic: !store.get().logarithmic }));
  store.on(["curves", "moment", "words", "logarithmic", "listing"], plan);
  store.on(["evaluation", "words", "listing"], summarize);
  store.on(["logarithmic", "words"], ({ logarithmic, words }) => {
    scale.setAttribute("aria-pressed", String(logarithmic));
    scale.textContent = say(words, logarithmic ? "scale.logarithmic" : "scale.linear");
  });
  store.on(["theme"], () => {
    colours = palette();
    plan();
  });
  new ResizeObserver(plan).observe(plot);
  return {
    /** Fetch plotly.js, once the page works without it. */
    async begin() {
      plotly = await load();
      root.classList.add("loaded");
      plan();
    },
    marks() {
      const { curves } = store.get();
      return SERIES.flatMap(({ name, colour, width }) =>
        curves[name].map(({ t, value }) => ({ kind: "curve", tensor: name, index: [t], value, colour: colours[colour], size: width })),
      );
    },
  };
}
