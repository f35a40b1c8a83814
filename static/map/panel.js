// The map: what has become of many runs that differ in two settings; each can be pointed at, and opened alone.

import { make } from "../base/dom.js";
import { segmentAt } from "../base/time.js";
import { say } from "../base/words.js";
import { isPassing } from "../ask/query.js";
import { withValue } from "./axes.js";
import { createControls } from "./controls.js";
import { marksOf } from "./marks.js";
import { createMeasure } from "./measure.js";
import { cellAt } from "./paint.js";
import { listenToPointing } from "./pointing.js";
import { createShowing } from "./showing.js";
import { factsOf } from "./told.js";

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
  const aside = make("div", { className: "map-aside" }, parts.legend, parts.said, parts.curve, parts.curveSaid);
  root.append(parts.controls, parts.progress, make("div", { className: "map-body" }, picture, aside), parts.facts);
  return { ...parts, picture };
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
    [measured, error] = [null, null];
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
