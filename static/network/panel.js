// The stage: the network of this moment, drawn on a canvas, with its legend and the choice of an example.

import { ARROWS, quantityOf, sentence } from "./arrows.js";
import { calm } from "../base/throttle.js";
import { palette } from "../base/colours.js";
import { paintHighlight } from "../draw/highlight.js";
import { createStagePainter } from "../draw/stage.js";
import { gestureBetween } from "./gesture.js";
import { hit } from "./hit.js";
import { arrowPlaces, layOut } from "../draw/layout.js";
import { moves } from "../base/motion.js";
import { scale } from "../base/numbers.js";
import { compose, marksOf } from "./scene.js";
import { parameterOf } from "../tensor/tensors.js";
import { segmentAt } from "../base/time.js";
import { say } from "../base/words.js";
import { exploreByKeys } from "./explore.js";
import { isThought } from "./thought_panel.js";

const UPDATE = /^u(?=(W|b|gamma|beta)\d)/; // what is pointed at goes by its parameter's gradient, whatever arrows show
const SKIP = 16; // pixels that the topmost residual connection needs above its neurons

/** The layers in force at a moment. */
const structure = (listing, moment) => segmentAt(listing, moment?.t ?? 0).experiment.layers;

/** The parameter that is pointed at in the picture or in a panel, or chosen: {name, index}; undefined where there is none. */
function inQuestion({ hovered, selected, lit }) {
  const marks = [hovered, lit.length === 1 ? lit[0] : null, selected];
  const mark = marks.find((each) => each?.index && !each.index.includes(null) && parameterOf(each.tensor));
  return mark && { name: parameterOf(mark.tensor), index: mark.index };
}

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
    const skipping = structure(listing, store.get().moment).some(({ residual }) => residual);
    legendEnd = offsetTop + offsetHeight;
    layout = layOut(listing.sizes, width, height, Math.max(36, legendEnd + 2) + (skipping ? SKIP : 0));
    places = listing.sizes.map((_, layer) => (layer ? arrowPlaces(layout, layer) : null));
    const units = layout.columns.map((column) => (column?.hidden ? column.shown : null));
    store.set({ units: JSON.stringify(units) });
    refresh(null);
  }

  function look() {
    const { words, listing } = store.get();
    const { dataset } = listing.experiment;
    const captions = [
      [say(words, "caption.input"), "a⁰"],
      ...layers.map(({ units, activation, batch_norm }, i) => {
        const role =
          i + 1 === layers.length ? say(words, "caption.output") : say(words, "caption.hidden", { layer: i + 1 });
        const name = [batch_norm && say(words, "batch_norm.short"), say(words, `activation.${activation}`)]
          .filter(Boolean)
          .join(" · ");
        return [`${role} · ${name}`, `${units} · ${name}`, name, String(i + 1)];
      }),
    ];
    return {
      colours,
      font,
      captions,
      lit: gesture.lights,
      weights: "W¹",
      gradients: scene.arrows.caption,
      say: (name, blanks) => say(words, name, blanks),
      classes: dataset.name === "digits",
      depth: layers.length,
      left: scene.left,
      width: layout.width,
      crowded: scene.lines.length > 60,
      pitch: Math.min(...layout.columns.filter(Boolean).map((column) => column.pitch)),
    };
  }

  function draw() {
    store.life.cancelFrame(due);
    due = null;
    if (!inFront() || !current()) return;
    const start = performance.now();
    const progress = duration ? Math.min(1, (start - began) / duration) : 1;
    paint(context, layout, scene, look(), gesture, progress);
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

  /** What the arrow of the parameter in question says, or else what all arrows do. */
  function saying() {
    const { moment, words } = store.get();
    const { arrows } = scene;
    const parameter = inQuestion(store.get());
    const value = parameter && moment.value(arrows.letter + parameter.name, ...parameter.index);
    if (parameter && (value !== undefined || !moment.has(arrows.letter + parameter.name)))
      return sentence(words, arrows, parameter.name, value);
    const shown = scene.nudges.length || scene.pictures.some(({ kind }) => kind === "nudge");
    return shown ? say(words, `arrows.${arrows.name}.says`) : sentence(words, arrows, "W");
  }

  function legend() {
    const { words } = store.get();
    const { scales, arrows } = scene;
    const quantity = quantityOf(arrows);
    const rising = arrows.name === "gradient";
    set("up", `↑ ${say(words, rising ? "legend.rises" : "legend.up")}`);
    set("down", `↓ ${say(words, rising ? "legend.falls" : "legend.down")}`);
    set("gradient", say(words, "legend.gradient", { quantity, scale: scale(scales.gradient) }));
    set("weight", say(words, "legend.weight", { scale: scale(scales.weight) }));
    set(
      "picture",
      layout.picture
        ? say(words, "legend.picture", {
            quantity,
            weight: scale(scales.pictureWeight),
            gradient: scale(scales.pictureGradient),
          })
        : "",
    );
    set("saying", saying());
    set("dropout", scene.masks.length ? say(words, "legend.dropout") : "");
    set("skip", scene.skips.length ? say(words, "legend.skip") : "");
  }

  const told = calm(store, () => scene && legend());

  function paintHover() {
    const { selected, hovered, lit } = store.get();
    const marks = [selected, hovered, ...lit].filter(Boolean);
    if (highlighted || marks.length) highlight.clearRect(0, 0, layout.width, layout.height); // a clear canvas costs nothing
    highlighted = marks.length > 0;
    overlay.classList.toggle("empty", !highlighted);
    for (const mark of marks) paintHighlight(highlight, scene, mark, colours.now);
  }

  function pointed(event) {
    const box = overlay.getBoundingClientRect();
    const mark = current() && hit(scene, event.clientX - box.left, event.clientY - box.top);
    return mark && { ...mark, tensor: mark.tensor.replace(UPDATE, "d") };
  }

  const key = (mark) => mark && `${mark.kind}:${mark.tensor}:${mark.index}`;
  overlay.addEventListener("pointermove", (event) => {
    const mark = pointed(event);
    overlay.style.cursor = mark ? "pointer" : "default";
    if (key(mark) !== key(store.get().hovered)) store.set({ hovered: mark ?? null });
  });
  overlay.addEventListener("pointerleave", () => store.set({ hovered: null }));
  overlay.addEventListener("click", (event) => {
    const mark = pointed(event) ?? null;
    store.set({ selected: key(mark) === key(store.get().selected) ? null : mark });
  });

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
  store.on(["hovered", "selected", "lit"], () => {
    if (!inFront() || !current()) return;
    paintHover();
    set("saying", saying());
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
    if (taller || width !== layout?.width || height !== layout?.height) fit();
  };
  store.life.resized(resized, root.querySelector(".canvases"), root.querySelector(".legend"));
  return {
    marks: (state) => (inFront() && !isThought(state) && current() ? marksOf(scene, colours) : []),
    painted,
  };
}

/** @type {import("../base/feature.js").Feature} */
export const network = { name: "network", slot: "network", mount };
