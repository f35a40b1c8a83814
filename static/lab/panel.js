// The panel of the laboratory: the lanes beside each other, their curves, their table, where they part, and the races.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { throttled } from "../base/throttle.js";
import { locate } from "../base/time.js";
import { say } from "../base/words.js";
import { legendOf, twoDigits } from "../network/legend.js";
import { createCells } from "./cells.js";
import { createChart } from "./chart.js";
import { PACES } from "./correspond.js";
import { calledBy, runCalled } from "./differs.js";
import { createLanes } from "./lanes.js";
import { FIRST_LANE } from "./names.js";
import { partedText } from "./parted.js";
import { offerRaces } from "./races.js";
import { createSettings } from "./settings.js";
import { keepStandings } from "./standings.js";
import { createTable } from "./table.js";

const SIGNS = ["up", "down", "gradient", "hollow", "weight", "dashed", "negative", "delta", "picture"]; // of the stage's legend
const SHOWN = [
  "words",
  "lanes",
  "laneTitle",
  "laneDifference",
  "lanePace",
  "laneAxis",
  "laneLogarithmic",
  "laneOpen",
  "stage",
];

/** The parts of the laboratory, put into `root`. */
function partsOf(root) {
  const part = (tag, name, fields = {}) => {
    const made = make(tag, fields);
    made.dataset.part = name;
    return made;
  };
  const parts = {
    lanes: part("div", "lanes", { className: "lanes" }),
    legend: part("ul", "legend", { className: "lane-signs" }),
    less: part("p", "less", { className: "quiet" }),
    parted: part("div", "parted", { className: "parted", tabIndex: 0 }),
    choices: part("p", "choices", { className: "lane-choices" }),
    settings: part("section", "settings", { className: "lane-change", hidden: true }),
    chart: part("section", "chart"),
    table: part("section", "table"),
    races: part("section", "races"),
  };
  parts.parted.setAttribute("role", "status");
  const { lanes, legend, less, parted, choices, settings, chart, table, races } = parts;
  const shown = make("div", { className: "shown" }, lanes, less, legend);
  root.replaceChildren(shown, make("div", { className: "lab-rail" }, parted, settings, chart, table, choices, races));
  return parts;
}

/** A select with its name before it: {element, show(name, options, value)}. */
function choiceOf(changed) {
  const select = make("select");
  const text = make("span");
  select.addEventListener("change", () => changed(select.value));
  return {
    element: make("label", {}, text, select),
    show(name, options, value) {
      text.textContent = name;
      select.ariaLabel = name;
      if (select.textContent !== options.map(([, said]) => said).join(""))
        select.replaceChildren(...options.map(([key, said]) => make("option", { value: key, textContent: said })));
      select.value = value;
    },
  };
}

/** The legend of the lanes in `root`, one for all, and of a difference in `less`. */
function showLegend(root, less, { words, laneDifference }, cells) {
  const scene = cells.scene();
  const told = scene ? legendOf(words, scene, scene.pictures.length > 0, false) : {};
  const texts = SIGNS.map((name) => told[name]).filter(Boolean);
  if (root.textContent !== texts.join(""))
    root.replaceChildren(...texts.map((textContent) => make("li", { textContent })));
  const own = cells.difference();
  less.hidden = !laneDifference;
  if (!laneDifference) return;
  const blanks = { one: laneDifference, other: FIRST_LANE };
  less.textContent = own
    ? say(words, "lane.difference.says", {
        ...blanks,
        weight: twoDigits(own.scales.weight),
        gradient: twoDigits(own.scales.arrow.full),
      })
    : say(words, "lane.difference.unfit", blanks);
}

/** What is said under a lane: that it comes behind, that it has diverged, or where it is. */
function statusOf(lane, words, at) {
  const { moment, listing } = lane.store.get();
  if (!moment || !listing) return say(words, "lane.begins");
  const loss = moment.value("loss");
  if (loss !== undefined && !Number.isFinite(loss)) return say(words, "lane.diverged");
  if (moment.t !== at(lane)) return say(words, "lane.behind", { t: count(moment.t) });
  return say(words, "lane.at", { step: count(locate(listing, moment.t).trainingStep), t: count(moment.t) });
}

/** Set up the laboratory in `root`, a side of the stage. */
export function mount(root, tools) {
  const { store } = tools;
  const parts = partsOf(root);
  const said = throttled(store, () => write());
  const lanes = createLanes(tools, () => changed());
  const known = keepStandings(tools, lanes, () => said());
  const taken = new WeakSet(); // the stores of the lanes that are asked about
  const theme = () => ({ colours: palette(root), font: getComputedStyle(root).fontFamily });
  const colourOf = (name) => getComputedStyle(root).getPropertyValue(`--lane-${name.toLowerCase()}`).trim();

  const act = {
    rename: lanes.rename,
    promote: lanes.promote,
    drop: (name) => {
      lanes.drop(name);
      root.focus();
    },
    open: (name) => store.set({ laneOpen: store.get().laneOpen === name ? null : name }),
  };
  const at = (lane) => (lane.name === FIRST_LANE ? store.get().moment.t : lanes.at(lane.store.get().listing));
  const cells = createCells(parts.lanes, tools, lanes, {
    act,
    statusOf: (lane) => statusOf(lane, store.get().words, at),
  });
  const called = ({ name }) => {
    const { words, listing, lanes: kept, laneTitle } = store.get();
    const own = kept.find((lane) => lane.name === name);
    return own ? calledBy(words, own, listing.experiment) : laneTitle || runCalled(words, listing.experiment, kept);
  };
  const chart = createChart(parts.chart, tools, lanes, theme, colourOf);
  const table = createTable(parts.table, tools, lanes, known.of, called);
  const races = offerRaces(parts.races, tools);
  const difference = choiceOf((value) => store.set({ laneDifference: value || null }));
  const pace = choiceOf((lanePace) => store.set({ lanePace }));
  parts.choices.append(difference.element, pace.element);
  const settings = createSettings(parts.settings, tools, lanes);

  function write() {
    const state = store.get();
    const { words, moment, listing, stage, laneDifference, lanePace } = state;
    if (stage !== "laboratory" || !moment || !listing) return;
    const all = lanes.all();
    for (const lane of all) {
      if (taken.has(lane.store)) continue;
      taken.add(lane.store);
      known.take(lane);
    }
    cells.show();
    showLegend(parts.legend, parts.less, state, cells);
    const texts = all
      .slice(1)
      .map((lane) => partedText(words, lane.name, known.of(lane).parting))
      .filter(Boolean);
    if (parts.parted.textContent !== texts.join(""))
      parts.parted.replaceChildren(...texts.map((textContent) => make("p", { textContent })));
    const others = state.lanes.map(({ name }) => [
      name,
      say(words, "lane.difference.of", { one: name, other: FIRST_LANE }),
    ]);
    difference.show(
      say(words, "lane.difference"),
      [["", say(words, "lane.difference.none")], ...others],
      laneDifference ?? "",
    );
    pace.show(
      say(words, "lane.pace"),
      PACES.map((name) => [name, say(words, `lane.pace.${name}`)]),
      lanePace,
    );
    parts.choices.hidden = parts.chart.hidden = parts.table.hidden = !state.lanes.length;
    root.dataset.lanes = String(all.length);
    if (state.lanes.length) {
      chart.show();
      table.show();
    }
    races.show();
    settings.show(state);
  }

  /** A lane has another listing or moment. */
  function changed() {
    cells.refresh();
    said();
  }

  store.on(["moment", "listing"], said);
  store.on(SHOWN, write);
  return {
    fork: lanes.fork,
    marks: (state) => (state.stage === "laboratory" ? cells.marks() : []),
    pictures: ({ stage, lanes: others }) =>
      stage === "laboratory" ? [...cells.pictures(), ...(others.length ? chart.pictures() : [])] : [],
    tables: ({ lanes: others }) => (others.length ? chart.tables() : []),
  };
}
