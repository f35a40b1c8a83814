// The digit pad: what is drawn on it, what the network as it is at this moment reads there, and tabs that show more of it.

import { palette } from "../base/colours.js";
import { plainMark } from "../draw/marks.js";
import { answerTab } from "./answer.js";
import { inkTab } from "./ink.js";
import { createReader } from "./reader.js";
import { stepsTab } from "./steps.js";
import { teachTab } from "./teach.js";
import { createSurface, SIDE } from "./surface.js";
import { base64, paintBytes } from "./strokes.js";
import { verdict } from "./verdict.js";
import { tabs } from "../base/tabs.js";

/**
 * @typedef {object} Tab
 * @property {string[]} watches
 * @property {(state: any) => void} show
 * @property {(state: any) => object} [fields]
 * @property {(state: any) => object[]} [marks]
 * @property {(context: CanvasRenderingContext2D, size: number, state: any) => void} [paint]
 * @property {(plain: any) => number | null} [add]
 */

/**
 * The tabs by name.
 *
 * @type {Record<string, (root: HTMLElement, store: any, tools: any) => Tab>}
 */
export const TABS = { answer: answerTab, steps: stepsTab, ink: inkTab, teach: teachTab };
const ALWAYS = ["reading", "words", "padTab", "listing", "theme"];
const SEEN = 28;

const reads = ({ listing }) => listing?.sizes[0] === SEEN * SEEN && listing.sizes.at(-1) === 10;
const sameBytes = (one, other) => one.every((byte, k) => byte === other[k]);

/**
 * Set up the pad. `tools` are what tabs may use: {ask, change, seek}; they are also given `colours()`, the theme's.
 *
 * A tab's `watches` are the names of the store's values that it depends on, beside those that all do. `show(state)` fills
 * its root from the store's `reading`: {t, tensors, facts, output, best}, the server's answer about what is on the pad,
 * or null. Only the tab in front is shown. Where it has them, `fields(state)` are what it has asked besides,
 * `marks(state)` the marks in it, and `paint(context, size, state)` paints over the pad.
 *
 * The store's `drawing` is what the network sees of it: {picture, from, label} or null. Whoever sets `onPad` to
 * {picture, label} puts that picture onto the pad.
 */
export function padPanel(root, store, { openDigits, ...tools }) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const control = (name) => root.querySelector(`[data-control=${name}]`);
  const seen = root.querySelector("canvas.seen");
  let colours = palette();
  let wanted = true; // whether the network is to show what is drawn

  const front = (state) => views[state.padTab];
  const surface = createSurface(root.querySelector("canvas.pad"), root.querySelector(".drawing"), {
    colours: () => colours,
    painted: (context, size) => front(store.get())?.paint?.(context, size, store.get()),
    began: toStage,
    drawn: () => store.get().drawn,
    draw: (drawn) => store.set({ drawn }),
    pen: () => store.get().pen,
  });

  const reader = createReader(store, tools.ask, {
    fields() {
      const state = store.get();
      if (!reads(state) || !state.drawn.length) return null;
      const { untouched } = surface;
      return {
        ...(untouched
          ? { picture: base64(untouched.picture) }
          : { side: SIDE, ink: base64(surface.ink()), centred: state.centred }),
        ...(state.networkShows === "drawing" && state.room && { shown: JSON.parse(state.room) }),
        ...front(state).fields?.(state),
      };
    },
    read(reading) {
      if (reading || store.get().drawing) store.set({ reading, drawing: drawingOf(reading) });
      if (!reading) store.set({ networkShows: "moment" });
    },
  });

  /** What the network sees, as bytes; the same object as long as these are the same. */
  function drawingOf(reading) {
    if (!reading) return null;
    const picture = Uint8Array.from(reading.tensors.get("a0").data, (value) => Math.round(255 * value));
    const before = store.get().drawing;
    const { untouched } = surface;
    const [from, label] = untouched ? ["image", untouched.label ?? null] : ["strokes", null];
    const same = before?.from === from && before.label === label && sameBytes(before.picture, picture);
    return same ? before : { picture, from, label };
  }

  function toStage() {
    if (wanted && !store.get().playing) store.set({ networkShows: "drawing" });
  }

  function showSeen({ drawing }) {
    const context = seen.getContext("2d");
    context.clearRect(0, 0, SEEN, SEEN);
    if (drawing) paintBytes(context, drawing.picture, SEEN, colours.ink);
  }

  function showVerdict(state) {
    const { reading } = state;
    const prediction = part("prediction");
    prediction.textContent = !reading ? "—" : reading.facts.doubt ? "?" : String(reading.best);
    prediction.dataset.empty = String(!reading);
    part("hint").textContent = verdict(state);
  }

  const seenMarks = ({ reading }) =>
    Array.from(reading?.tensors.get("a0").data ?? [], (value, k) => ({
      kind: "drawing",
      tensor: "drawing.a0",
      index: [0, k],
      value,
      colour: colours.ink,
      size: 1,
    }));

  const views = Object.fromEntries(
    Object.entries(TABS).map(([name, tab]) => [name, tab(part(name), store, { ...tools, colours: () => colours })]),
  );
  tabs(part("tabs"), store, "padTab", (name) => {
    for (const each of Object.keys(TABS)) part(each).hidden = each !== name;
  });

  control("undo").addEventListener("click", surface.undo);
  control("clear").addEventListener("click", surface.clear);
  control("pen").addEventListener("change", ({ target }) => store.set({ pen: target.value }));
  control("stage").addEventListener("change", ({ target }) => {
    wanted = target.checked;
    store.set({ networkShows: wanted ? "drawing" : "moment" });
  });
  control("open-digits").addEventListener("click", openDigits);
  root.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=text], input[type=number], textarea");
    if (typing || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    surface.undo();
  });

  for (const [name, view] of Object.entries(views)) {
    store.on([...ALWAYS, ...view.watches], (state) => {
      if (state.padTab !== name) return;
      view.show(state);
      if (view.paint) surface.paint();
    });
  }
  store.on(["padTab"], surface.paint);
  store.on(["drawn"], ({ drawn }) => {
    surface.paint();
    control("undo").disabled = control("clear").disabled = !drawn.length;
    reader.update();
  });
  store.on(["pen"], ({ pen }) => {
    control("pen").querySelector(`[value=${pen}]`).checked = true;
  });
  store.on(["listing"], (state) => {
    root.classList.toggle("reads", Boolean(reads(state)));
    store.set({ drawing: reads(state) && state.drawn.length ? state.drawing : null });
    surface.paint();
  });
  store.on(["moment", "centred", "target", "padTab", "networkShows", "room"], ({ playing, drawn }) => {
    if (drawn.length && !(playing && surface.hidden)) reader.update();
  });
  store.on(["reading", "words"], (state) => {
    showSeen(state);
    showVerdict(state);
  });
  store.on(["onPad"], ({ onPad }) => {
    if (!onPad) return;
    surface.put(onPad);
    toStage();
  });
  store.on(["networkShows"], ({ networkShows }) => {
    control("stage").checked = networkShows === "drawing";
  });
  store.on(["playing"], ({ playing }) => playing && store.set({ networkShows: "moment" }));
  let shown = null; // the moment of the network that the drawing is shown in
  store.on(["moment"], ({ moment }) => {
    if (moment?.t !== shown) store.set({ networkShows: "moment" });
    shown = moment?.t;
  });
  store.on(["theme"], (state) => {
    colours = palette();
    surface.paint();
    showSeen(state);
  });
  front(store.get()).show(store.get());
  showVerdict(store.get());
  return {
    addDrawings: views.teach.add,
    marks() {
      const state = store.get();
      return reads(state) ? [...(front(state).marks?.(state) ?? []), ...seenMarks(state)].map(plainMark) : [];
    },
  };
}
