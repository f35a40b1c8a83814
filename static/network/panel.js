// The stage: the network of this moment, drawn on a canvas, with its legend and the choice of an example.

import { ARROWS } from "./arrows.js";
import { calm } from "../base/throttle.js";
import { palette } from "../base/colours.js";
import { paintHighlight } from "../draw/highlight.js";
import { createStagePainter } from "../draw/stage.js";
import { gestureBetween } from "./gesture.js";
import { moves } from "../base/motion.js";
import { compose, marksOf } from "./scene.js";
import { segmentAt } from "../base/time.js";
import { exploreByKeys } from "./explore.js";
import { legendOf, sayingOf } from "./legend.js";
import { lookOf } from "./look.js";
import { parameterMeant } from "./meant.js";
import { pointByPointer } from "./point.js";
import { roomFor } from "./room.js";
import { isThought } from "./thought_panel.js";

/** The layers in force at a moment. */
const structure = (listing, moment) => segmentAt(listing, moment?.t ?? 0).experiment.layers;

/** Set up the stage. Returns {marks, painted}: the marks that are drawn, and the milliseconds of each painting. */
function mount(root, { store }) {
  const canvas = root.querySelector("canvas.scene");
  const overlay = root.querySelector("canvas.overlay");
  const meaning = root.querySelector("[data-control=arrows]");
  const context = canvas.getContext("2d", { alpha: false }); // so that nothing need be mixed with what lies behind
  const highlight = overlay.getContext("2d");
  const paint = createStagePainter();
  const painted = [];
  const { fontFamily: font } = getComputedStyle(root);
  let colours = palette(root);
  let layout = null;
  let places = [];
  let layers = [];
  let scene = null;
  let stale = false; // whether the scene is that of an earlier moment
  let from = null; // and the moment that the next one's gesture comes from
  let gesture = null;
  let began = 0;
  let duration = 0;
  let due = null; // the next painting
  let legendEnd = 0;
  let highlighted = false;

  function fit() {
    const { width, height } = root.querySelector(".canvases").getBoundingClientRect();
    const { listing } = store.get();
    if (!listing || width < 50 || height < 50) return;
    for (const each of [canvas, overlay]) {
      each.width = Math.round(width * devicePixelRatio);
      each.height = Math.round(height * devicePixelRatio);
      each.getContext("2d").setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    }
    const { offsetTop, offsetHeight } = root.querySelector(".legend");
    legendEnd = offsetTop + offsetHeight;
    const room = roomFor(listing.sizes, structure(listing, store.get().moment), { width, height }, legendEnd);
    ({ layout, places } = room);
    store.set({ units: JSON.stringify(room.units) });
    refresh(null);
  }

  function draw() {
    store.life.cancelFrame(due);
    due = null;
    if (!inFront() || !current()) return;
    const start = performance.now();
    const progress = duration ? Math.min(1, (start - began) / duration) : 1;
    const look = lookOf(store.get(), layers, layout, scene, gesture.lights, { colours, font });
    paint(context, layout, scene, look, gesture, progress);
    const end = performance.now();
    painted.push({ at: end, milliseconds: end - start, t: scene.t });
    if (painted.length > 1200) painted.splice(0, 600);
    if (progress < 1) schedule();
    else duration = 0;
  }

  /** Whether the network is in front. While it is not, nothing is composed or painted. */
  const inFront = () => store.get().stage === "network";

  function schedule() {
    if (inFront()) due ??= store.life.frame(draw);
  }

  /** Have the scene composed anew before it is painted; `previous` is the moment that the gesture comes from. */
  function refresh(previous) {
    const { moment, listing } = store.get();
    if (!moment || !layout) return;
    if (layers !== structure(listing, moment)) {
      layers = structure(listing, moment);
      fit(); // which comes back here
      return;
    }
    if (!stale) from = previous;
    stale = true;
    if (store.get().playing) schedule();
    else draw(); // what a person has asked for is painted at once, and so is on the screen with the next frame
  }

  /** The scene of the moment that is shown. Moments that come faster than they can be painted are never composed. */
  function current() {
    if (!stale || !store.get().moment) return scene;
    stale = false;
    const { moment, listing, example, gestureTime, arrows } = store.get();
    const [earlier, previous] = [scene, from];
    scene = compose(moment, layout, places, layers, moment.shownExample(example), colours, ARROWS[arrows]);
    gesture = gestureBetween(listing, previous, moment, earlier);
    duration = previous && moves(gestureTime) ? gestureTime : 0;
    began = performance.now();
    told();
    paintHover();
    return scene;
  }

  function set(name, text) {
    const element = root.querySelector(`[data-legend="${name}"]`);
    if (element.textContent !== text) element.textContent = text;
  }

  const saying = (state) => set("saying", sayingOf(state.words, scene, state.moment, parameterMeant(state)));

  function tell() {
    const state = store.get();
    const sentences = legendOf(state.words, scene, Boolean(layout.picture));
    for (const [name, text] of Object.entries(sentences)) set(name, text);
    saying(state);
  }

  const told = calm(store, () => scene && tell());

  function paintHover() {
    const { selected, hovered, lit } = store.get();
    const marks = [selected, hovered, ...lit].filter(Boolean);
    if (highlighted || marks.length) highlight.clearRect(0, 0, layout.width, layout.height); // a clear canvas costs nothing
    highlighted = marks.length > 0;
    overlay.classList.toggle("empty", !highlighted);
    for (const mark of marks) paintHighlight(highlight, scene, mark, colours.now);
  }

  pointByPointer(overlay, store, current);
  exploreByKeys(overlay, store, current);

  let shown = null;
  store.on(["moment"], ({ moment }) => {
    refresh(shown);
    shown = moment;
  });
  meaning.addEventListener("change", () => store.set({ arrows: meaning.value }));
  store.on(["arrows"], ({ arrows }) => {
    meaning.value = arrows;
  });
  store.on(["example", "words", "arrows"], () => refresh(null));
  store.on(["hovered", "selected", "lit"], (state) => {
    if (!inFront() || !current()) return;
    paintHover();
    saying(state);
  });
  store.on(["stage"], schedule);
  store.on(["listing"], () => {
    scene = shown = null;
    stale = false;
    fit();
  });
  store.on(["theme"], () => {
    colours = palette(root);
    refresh(null);
  });
  const resized = () => {
    const { offsetTop, offsetHeight } = root.querySelector(".legend");
    const taller = offsetTop + offsetHeight > legendEnd; // it took another line
    const { width, height } = root.querySelector(".canvases").getBoundingClientRect();
    const sharper = canvas.width !== Math.round(width * devicePixelRatio);
    if (taller || sharper || width !== layout?.width || height !== layout?.height) fit();
  };
  store.life.resized(resized, root.querySelector(".canvases"), root.querySelector(".legend"));
  return {
    marks: (state) => (inFront() && !isThought(state) && current() ? marksOf(scene, colours) : []),
    painted,
  };
}

/** @type {import("../base/feature.js").Feature} */
export const network = { name: "network", slot: "network", mount };
