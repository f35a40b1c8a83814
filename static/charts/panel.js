// The loss panel: the loss and all else that tells how the training goes, over the training steps, with Plotly.

import { earlierText, keepEarlier } from "./earlier.js";
import { keepEvaluated } from "./evaluation.js";
import { CHARTS, isZero, marksOf, traces } from "./charts.js";
import { keepCurves } from "./curves.js";
import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { layoutOf } from "./layout.js";
import { load } from "./plotly.js";
import { described } from "./summary.js";
import { tablesOf } from "./table.js";
import { say } from "../base/words.js";
import { flag, oneOf } from "../base/codecs.js";
import { ofPage, ofRun, ofView } from "../base/keys.js";

const [REDRAW, REST] = [250, 30]; // while playing, milliseconds between two redraws at least, and times what the last one took
const [AFTER, LATEST] = [450, 1500]; // else milliseconds after what is to be shown, when the network has moved, and at the latest
const SOON = 50; // milliseconds after the first painting
const AGAIN = 1000; // milliseconds after plotly.js was not to be had

/** What stands above the chart: its own summary, or what it shows. */
const summaryOf = (state) =>
  CHARTS[state.chart].summary?.(state) ?? [
    make("span", { textContent: say(state.words, `chart.${state.chart}.says`) }),
  ];

/** Fill the line that names the run before, beside the button that dismisses it. */
function nameEarlier(line, state) {
  line.hidden = !state.earlier || !state.listing || !CHARTS[state.chart].earlier;
  if (!line.hidden) line.firstElementChild.textContent = earlierText(state.words, state);
}

const DATA = "data:image/svg+xml,";

/** The picture of the chart, which plotly makes. */
function pictureOf(plotly, plot, chart) {
  const { clientWidth: width, clientHeight: height } = plot;
  const svg = async () => {
    const address = await plotly.toImage(plot, { format: "svg", width, height });
    return decodeURIComponent(address.slice(DATA.length));
  };
  return { name: chart, word: `chart.${chart}`, width, height, svg };
}

function mount(root, { store, host }) {
  const plot = root.querySelector("[data-part=plot]");
  const summary = root.querySelector("[data-part=summary]");
  const empty = root.querySelector("[data-part=empty]");
  const scale = root.querySelector("[data-control=logarithmic]");
  const earlier = root.querySelector("[data-part=earlier]");
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
    plot.ariaLabel = described(state.words, state.chart, CHARTS[state.chart].histogram ? [] : lines);
    empty.hidden = lines.length > 0 && !zero;
    empty.textContent = say(state.words, zero ? "chart.zero" : `chart.${state.chart}.empty`);
    plotly.react(
      plot,
      lines,
      { ...layoutOf(state, colours, font, lines), width: plot.clientWidth, height: plot.clientHeight },
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

  earlier.querySelector("button").addEventListener("click", () => store.set({ earlier: null }));
  scale.addEventListener("click", () => store.set({ logarithmic: !store.get().logarithmic }));
  chooser.addEventListener("change", () => store.set({ chart: chooser.value }));
  store.on(["curves", "moment", "diagnosis"], plan);
  store.on(["words", "logarithmic", "listing", "chart", "earlier"], soon);
  store.on(["words", "listing", "chart", "earlier", "diagnosis"], (state) => nameEarlier(earlier, state));
  store.on(["evaluation", "words", "listing", "chart"], (state) => summary.replaceChildren(...summaryOf(state)));
  store.on(["words", "listing", "chart"], offer);
  store.on(["logarithmic", "words", "chart"], ({ logarithmic, words, chart }) => {
    const used = logarithmic !== Boolean(CHARTS[chart].logarithmic);
    scale.setAttribute("aria-pressed", String(used));
    scale.textContent = say(words, used ? "scale.logarithmic" : "scale.linear");
  });
  store.on(["theme"], () => {
    colours = palette(root);
    draw(); // at once: what is printed is light for so long only
  });
  life.resized(soon, plot);
  /** Fetch plotly.js, once the page works without it; where the server is away, when it is back. */
  async function begin() {
    while (!(plotly = await load(host, life))) await life.pause(AGAIN);
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
    pictures: ({ chart }) => (plotly && plot.clientWidth ? [pictureOf(plotly, plot, chart)] : []),
    tables: (state) => (state.listing ? tablesOf(state) : []),
  };
}

/** @type {import("../base/feature.js").Feature} */
export const loss = {
  name: "loss",
  slot: "loss",
  state: {
    evaluation: ofRun(null),
    earlier: ofPage(null), // the loss of the run before, until it is dismissed
    chart: ofView("loss", oneOf(CHARTS)),
    logarithmic: ofView(false, flag),
  },
  keep(store, ask) {
    keepEarlier(store);
    keepCurves(store);
    keepEvaluated(store, ask);
  },
  mount,
};
