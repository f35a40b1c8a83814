// The map: what has become of many runs that differ in two settings; each can be pointed at, and opened alone.

import { palette } from "../base/colours.js";
import { make, sized } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { segmentAt } from "../base/time.js";
import { say } from "../base/words.js";
import { isPassing } from "../ask/query.js";
import { withValue } from "./axes.js";
import { createControls } from "./controls.js";
import { paintCurve } from "./curve.js";
import { hatchingOf, tonesOf } from "./looks.js";
import { marksOf } from "./marks.js";
import { createMeasure } from "./measure.js";
import { cellAt, paintAxes, paintOwn, paintPointer, paintRuns } from "./paint.js";
import { listenToPointing } from "./pointing.js";
import { countsOf, runAt } from "./runs.js";
import { definitionOf, factsOf, saidOf } from "./told.js";

const SWATCH = 18; // pixels

/** The parts of the panel. */
function createParts(root) {
  const parts = {
    controls: make("div", { className: "map-controls" }),
    runs: make("canvas", { className: "map-runs" }),
    pointer: make("canvas", { className: "map-pointer", tabIndex: 0, role: "application" }),
    said: make("p", { className: "map-said", role: "status" }),
    progress: make("progress"),
    curve: make("canvas", { className: "map-curve", role: "img" }),
    curveSaid: make("p", { className: "quiet" }),
    legend: make("ul", { className: "map-legend" }),
    facts: make("ul", { className: "map-facts quiet" }),
  };
  const picture = make("div", { className: "map-picture" }, parts.runs, parts.pointer);
  const aside = make("div", { className: "map-aside" }, parts.said, parts.curve, parts.curveSaid, parts.legend);
  root.append(parts.controls, parts.progress, make("div", { className: "map-body" }, picture, aside), parts.facts);
  return { ...parts, picture };
}

/** The legend: of each outcome its look, its name, how many runs it has, and how it is told from the others. */
function showLegend(legend, words, { settings, runs, facts }, colours) {
  const { names } = settings.outcomes;
  const [tones, counts] = [tonesOf(colours), countsOf(runs, names.length)];
  const items = names.map((name, i) => {
    const canvas = make("canvas", { ariaHidden: "true" });
    Object.assign(canvas.style, { width: `${SWATCH}px`, height: `${SWATCH}px` });
    const context = sized(canvas, SWATCH);
    for (const fillStyle of [tones[name], hatchingOf(name, colours)]) {
      context.fillStyle = fillStyle;
      context.fillRect(0, 0, SWATCH, SWATCH);
    }
    const title = make("b", { textContent: say(words, `map.outcome.${name}`) });
    const says = facts ? definitionOf(words, name, settings.outcomes, facts.level) : "";
    const told = say(words, "map.count", { count: count(counts[i]) });
    return make("li", {}, canvas, make("span", {}, title, ` ${told}`, make("small", { textContent: says })));
  });
  legend.replaceChildren(...items);
}

/** What shows a map that is measured, `now()`, and the cell in it that is pointed at. */
function createShowing(root, parts, { store, now }) {
  let colours = palette(root);
  const { fontFamily: font } = getComputedStyle(root);
  /** @type {{column: number, row: number} | null} */
  let cell = null;

  const size = () => ({ width: parts.picture.clientWidth, height: parts.picture.clientHeight });
  const shown = () => (cell && now() ? runAt(now().runs, cell.column, cell.row) : null);
  const drawing = () => ({
    ...now(),
    names: now().settings.outcomes.names,
    words: store.get().words,
    colours,
    font,
    size: size(),
  });

  function point() {
    const { words } = store.get();
    const measured = now();
    const context = sized(parts.pointer, size().width, size().height);
    const facts = measured?.facts;
    const told = cell && facts ? saidOf(words, measured, cell, shown()) : say(words, "map.hint");
    if (parts.said.textContent !== told) parts.said.textContent = told;
    paintCurve(parts.curve, { curve: shown()?.curve, steps: facts?.steps, level: facts?.level, colours, font });
    if (!measured) return;
    paintOwn(context, drawing());
    if (cell) paintPointer(context, cell, drawing());
  }

  return {
    shown,
    cell: () => cell,
    colours: () => colours,
    size,
    pointed(/** @type {typeof cell} */ to) {
      cell = to;
      point();
    },
    /** All of it, in the colours and the size that it has now. */
    paint() {
      if (!size().width) return;
      colours = palette(root);
      const context = sized(parts.runs, size().width, size().height);
      if (now()) {
        paintRuns(context, drawing());
        paintAxes(context, drawing());
        showLegend(parts.legend, store.get().words, now(), colours);
      }
      point();
    },
  };
}

/** Set up the panel in `root`. `start(experiment)` begins another run, and `clock.seek(t)` goes to a moment of it. */
export function mount(root, { store, ask, start, clock }) {
  const parts = createParts(root);
  /** @type {import("./measure.js").Measured | null} */
  let measured = null;
  let wished = ""; // what is measured, as text ...
  let ofRun = null; // ... and of which run, its listing
  let error = null;
  const now = () => measured;
  const controls = createControls(parts.controls, store, now);
  const showing = createShowing(root, parts, { store, now });

  function show() {
    const { words, mapSide } = store.get();
    const done = measured?.runs.done ?? 0;
    controls.show(store.get());
    controls.complain(words, error);
    Object.assign(parts.progress, { max: mapSide ** 2, value: done, hidden: error !== null || done === mapSide ** 2 });
    parts.progress.ariaLabel = say(words, "map.progress");
    parts.pointer.ariaLabel = say(words, "map.canvas");
    parts.curve.ariaLabel = say(words, "map.curve");
    parts.curveSaid.textContent = say(words, "map.curve.says");
    const facts = measured ? factsOf(words, measured, Boolean(ofRun?.experiment.changes)) : [];
    parts.facts.replaceChildren(...facts.map((textContent) => make("li", { textContent })));
    showing.paint();
  }

  const measure = createMeasure(
    store,
    ask,
    (found) => {
      measured = found;
      error = null;
      show();
    },
    (refused) => {
      error = refused;
      show();
    },
  );
  const inFront = ({ stage, listing, moment }) => stage === "map" && listing && moment;

  /** What the map is of, as text: the same as long as the same settings of a run are in force. */
  function wishOf({ listing, moment, mapAxes, mapSide, mapSteps }) {
    const changes = (listing.experiment.changes ?? []).filter(({ t }) => t <= moment.t).length;
    return JSON.stringify([segmentAt(listing, moment.t).t, changes, mapAxes, mapSide, mapSteps]);
  }

  /** Have the map measured that is wished, unless it is already. */
  function begin() {
    const state = store.get();
    if (!inFront(state)) {
      if (wished) measure.end();
      wished = "";
      return;
    }
    if (isPassing(state)) return; // it begins where the run comes to rest
    if (wishOf(state) === wished && state.listing === ofRun) return;
    [wished, ofRun] = [wishOf(state), state.listing];
    error = null;
    const { moment, mapAxes: axes, mapSide: side, mapSteps: steps } = state;
    measure.begin({ t: moment.t, axes, side, steps });
    show();
  }

  /** Open the run of a cell: alone, from its beginning to the last training step that the map has of it. */
  async function open({ column, row }) {
    if (!measured?.facts) return;
    const { settings, axes, facts, steps } = measured;
    const across = withValue(settings.experiment, axes.x.field, facts.values[0][column]);
    const chosen = withValue(across, axes.y.field, facts.values[1][row]);
    try {
      await start(chosen);
      store.set({ stage: "network" });
      await clock.seek(steps * store.get().listing.segments[0].program.length);
    } catch (refused) {
      error = refused;
      show();
    }
  }

  listenToPointing(parts.pointer, {
    cellAt: (place) => cellAt(place, measured.runs.side, showing.size()),
    now: showing.cell,
    side: () => measured?.runs.side ?? null,
    pointed: showing.pointed,
    open,
  });
  store.on(["stage", "listing", "moment", "wanted", "mapAxes", "mapSide", "mapSteps"], begin);
  store.on(["words"], () => inFront(store.get()) && show());
  store.on(["theme"], () => inFront(store.get()) && showing.paint());
  store.life.resized(() => inFront(store.get()) && showing.paint(), parts.picture, parts.curve);

  return {
    marks: (state) => (inFront(state) && measured ? marksOf(measured, showing.shown(), showing.colours()) : []),
  };
}
