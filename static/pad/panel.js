// The digit pad: the drawing, the digit that the network of this moment reads, and tabs with more about it.

import { keepCost } from "./teaching.js";
import { palette } from "../base/colours.js";
import { plainMark } from "../draw/marks.js";
import * as answer from "./answer.js";
import * as ink from "./ink.js";
import { createReader } from "./reader.js";
import { createAnswered } from "./answered.js";
import { createOnStage } from "./on_stage.js";
import { askedOf, drawingOf, reads, seenMarks } from "./seen.js";
import * as steps from "./steps.js";
import * as teach from "./teach.js";
import { TABS } from "./feature.js";
import { createSurface, SIDE } from "./surface.js";
import { offer, panelsFor } from "../base/feature.js";
import { tabs } from "../base/tabs.js";
import { say } from "../base/words.js";

/**
 * What a tab of the pad has besides show and marks: `fields(state)` are what it has asked of the drawing besides,
 * `paint(context, size, state)` paints over the pad, and `add(plain)` adds drawings to a person's own.
 *
 * @typedef {import("../base/feature.js").Shown & {
 *   fields?: (state: any) => object,
 *   paint?: (context: CanvasRenderingContext2D, size: number, state: any) => void,
 *   add?: (plain: any) => number | null,
 * }} Tab
 */

/** @type {Record<string, {mount: import("../base/feature.js").Mount}>} */
const PANELS = { answer, steps, ink, teach };
const ALWAYS = ["reading", "words", "padTab", "listing", "theme"];

/** Hear of the buttons, the pens, and the key that undoes. */
function offerControls(root, store, surface) {
  const control = (name) => root.querySelector(`[data-control=${name}]`);
  control("undo").addEventListener("click", surface.undo);
  control("clear").addEventListener("click", surface.clear);
  control("pen").addEventListener("change", ({ target }) => store.set({ pen: target.value }));
  root.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=text], input[type=number], textarea");
    if (typing || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    surface.undo();
  });
}

/**
 * Set up the pad. `tools` are what tabs may use: {store, ask, change, seek, host}; they are also given
 * `colours()`, the theme's. Only the tab in front is shown, from the store's `reading`: {t, tensors, facts, output, best},
 * the server's answer about what is on the pad, or null.
 *
 * The store's `drawing` is what the network sees of it: {picture, from, label} or null. Whoever sets `onPad` to
 * {picture, label} puts that picture onto the pad.
 */
export function mount(root, tools) {
  const { store, named } = tools;
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const control = (name) => root.querySelector(`[data-control=${name}]`);
  let colours = palette(root);
  const toStage = createOnStage(control("stage"), store);

  const front = (state) => views[state.padTab];
  const surface = createSurface(root.querySelector("canvas.pad"), root.querySelector(".drawing"), {
    life: store.life,
    presses: tools.presses,
    colours: () => colours,
    painted: (context, size) => front(store.get())?.paint?.(context, size, store.get()),
    began: toStage,
    drawn: () => store.get().drawn,
    draw: (drawn) => store.set({ drawn }),
    pen: () => store.get().pen,
    moved(what, square) {
      part("penned").textContent = square ? say(store.get().words, `pad.pen.${what}`, square) : "";
    },
  });

  const reader = createReader(store, tools.ask, {
    fields() {
      const state = store.get();
      if (!reads(state) || !state.drawn.length) return null;
      return { ...askedOf(state, surface.untouched, SIDE, surface.ink), ...front(state).fields?.(state) };
    },
    read(reading) {
      if (reading || store.get().drawing)
        store.set({ reading, drawing: drawingOf(reading, surface.untouched, store.get().drawing) });
      if (!reading) store.set({ networkShows: "moment" });
    },
  });

  const answered = createAnswered(root, () => colours);

  const look = { words: "pad.tab", ids: "pad", named };
  offer(part("tabs"), TABS, look, (name) => views[name]);
  const panels = panelsFor(part("tabs"), TABS, look, "pad-view");
  /** @type {Record<string, Tab>} */
  const views = Object.fromEntries(
    TABS.map(({ name }) => [name, PANELS[name].mount(panels[name], { ...tools, colours: () => colours })]),
  );
  tabs(part("tabs"), store, "padTab", (name) => {
    for (const [each, panel] of Object.entries(panels)) panel.hidden = each !== name;
  });

  offerControls(root, store, surface);

  for (const { name, watches } of TABS) {
    const view = views[name];
    store.on([...ALWAYS, ...watches], (state) => {
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
    store.set({ drawing: reads(state) && state.drawn.length ? state.drawing : null });
    surface.paint();
  });
  store.on(["moment", "centred", "target", "padTab", "networkShows", "room"], ({ playing, drawn }) => {
    if (drawn.length && !(playing && surface.hidden)) reader.update();
  });
  store.on(["reading", "words"], answered.show);
  store.on(["onPad"], ({ onPad }) => {
    if (!onPad) return;
    surface.put(onPad);
    toStage();
  });
  store.on(["theme"], (state) => {
    colours = palette(root);
    surface.paint();
    answered.show(state);
  });
  keepCost(store, tools.ask);
  return {
    addDrawings: views.teach.add,
    marks() {
      const state = store.get();
      return reads(state)
        ? [...(front(state).marks?.(state) ?? []), ...seenMarks(state.reading, colours.ink)].map(plainMark)
        : [];
    },
  };
}
