// The stage: the network of this moment, drawn on a canvas, with its legend and the choice of an example.

import { ARROWS } from "./arrows.js";
import { ARROWS_OF, offerArrowsOf } from "./arrows_of.js";
import { createComposer } from "./composer.js";
import { createLegend } from "./legend_panel.js";
import { sized } from "../base/dom.js";
import { outputNames } from "../base/called.js";
import { palette } from "../base/colours.js";
import { ARROW_SCALES } from "../draw/arrow_scale.js";
import { scaleOf } from "../draw/layout.js";
import { createStagePainter } from "../draw/stage.js";
import { marksOf } from "./scene.js";
import { segmentAt } from "../base/time.js";
import { exploreByKeys } from "./explore.js";
import { lookOf } from "./look.js";
import { pointByPointer } from "./point.js";
import { namedUnits } from "./named.js";
import { createOutlines } from "./outlines.js";
import { pictureOf } from "./picture.js";
import { besideOf, leastType, roomFor } from "./room.js";
import { createWishesCanvas } from "./wishes_canvas.js";
import { showsPass } from "./pass_feature.js";
import { oneOf } from "../base/codecs.js";
import { ofView, passing, PRESET, RUN } from "../base/keys.js";
import { keepAnchor } from "./anchor.js";
import { MARK } from "./mark.js";

/** The layers in force at a moment. */
const structure = (listing, moment) => segmentAt(listing, moment?.t ?? 0).experiment.layers;

/** Record how long the painting of a moment took, of the last ones. */
function record(painted, t, start) {
  const end = performance.now();
  painted.push({ at: end, milliseconds: end - start, t });
  if (painted.length > 1200) painted.splice(0, 600);
}

/** Hear of each moment, `moved(before)` with the one of this run before it, and of another run, `begun()`. */
function hearMoments(store, moved, begun) {
  let shown = null;
  store.on(["moment"], ({ moment }) => {
    moved(shown);
    shown = moment;
  });
  store.on(["listing"], () => {
    shown = null;
    begun();
  });
}

/** Offer what the arrows may mean, the scales of their lengths, and whose gradients they show. */
function offerArrows(root, store) {
  offerArrowsOf(root.querySelector("[data-part=arrows-of]"), store);
  for (const [control, key] of [
    ["arrows", "arrows"],
    ["arrow-scale", "arrowScale"],
  ]) {
    const select = root.querySelector(`[data-control=${control}]`);
    select.addEventListener("change", () => store.set({ [key]: select.value }));
    store.on([key], (state) => {
      select.value = state[key];
    });
  }
}

/** Whether the stage has another size, or other pixels, than its canvas and its layout have. */
function isOtherSize(canvas, frame, layout) {
  const { width, height } = frame.getBoundingClientRect();
  const sharper = canvas.width !== Math.round(width * devicePixelRatio);
  return sharper || width !== layout?.width || height !== layout?.height;
}

/** What can be read of the stage while it is `seen(state)`: its marks, and its picture. */
const readable = (seen, { composer, look, wishes, outlines, colours }) => ({
  marks: (state) => (seen(state) ? [...marksOf(composer.current(), colours()), ...wishes.plain()] : []),
  pictures(state) {
    const above = [wishes.paint, (context) => outlines.paint(context, composer, colours().now)];
    return seen(state) ? [pictureOf(composer, look, above)] : [];
  },
});

/** The room for a run's network on a stage of that size, below its legend. */
function roomOf({ listing, moment, named }, size, legendEnd, least) {
  const beside = besideOf(listing.kind === "classes" ? outputNames(listing) : []);
  const units = namedUnits(named, listing.sizes);
  return roomFor(listing.sizes, structure(listing, moment), size, legendEnd, least, units, undefined, beside);
}

/** Set up the stage. Returns {marks, pictures, painted}: what is drawn, and the milliseconds of each painting. */
function mount(root, { store }) {
  const [canvas, overlay, wished] = ["scene", "overlay", "wished"].map((name) => root.querySelector(`canvas.${name}`));
  const frame = root.querySelector(".canvases");
  const context = canvas.getContext("2d", { alpha: false }); // so that nothing need be mixed with what lies behind
  const paint = createStagePainter();
  const outlines = createOutlines(overlay, store, () => wishes.marks());
  const painted = [];
  const { fontFamily: font } = getComputedStyle(root);
  let colours = palette(root);
  let due = null; // the next painting
  let legendEnd = 0;

  const composer = createComposer(
    store,
    () => colours,
    () => {
      legend.tell();
      outlines.show(composer, colours.now);
      keepAnchor(store, composer.scene);
      wishes.show();
    },
  );
  const { current } = composer;
  const wishes = createWishesCanvas(wished, store, composer, () => ({ colours, font, scale: composer.layout.scale }));
  const legend = createLegend(root.querySelector(".legend"), store, composer);

  function fit() {
    const { width, height } = frame.getBoundingClientRect();
    const { listing, projector } = store.get();
    if (!listing || width < 50 || height < 50) return;
    for (const each of [canvas, overlay]) sized(each, width, height);
    const least = leastType({ width, height }, projector);
    legendEnd = legend.enlarge(scaleOf({ width, height }, least));
    const room = roomOf(store.get(), { width, height }, legendEnd, least);
    composer.fit(room);
    store.set({ units: JSON.stringify(room.units) });
    refresh(null);
  }

  /** Whether the network is in front. While it is not, nothing is composed or painted. */
  const inFront = () => store.get().stage === "network";

  const look = (scene, gesture) =>
    lookOf(store.get(), composer.layers, composer.layout, scene, gesture.lights, { colours, font });

  function draw() {
    store.life.cancelFrame(due);
    due = null;
    const scene = inFront() && current();
    if (!scene) return;
    const start = performance.now();
    const { gesture, progress } = composer.at(start);
    paint(context, composer.layout, scene, look(scene, gesture), gesture, progress);
    record(painted, scene.t, start);
    if (progress < 1) schedule();
  }

  function schedule() {
    if (inFront()) due ??= store.life.frame(draw);
  }

  /** Have the scene composed anew before it is painted; `previous` is the moment that the gesture comes from. */
  function refresh(previous) {
    const { moment, listing } = store.get();
    if (!moment || !composer.layout) return;
    if (composer.take(structure(listing, moment))) return fit(); // which comes back here
    composer.refresh(previous);
    if (store.get().playing) schedule();
    else draw(); // what a person has asked for is painted at once, and so is on the screen with the next frame
  }

  pointByPointer(overlay, store, current);
  exploreByKeys(overlay, store, current);
  offerArrows(root, store);

  hearMoments(store, refresh, () => {
    composer.forget();
    fit();
  });
  store.on(["example", "words", "arrows", "arrowScale", "arrowsOf"], () => refresh(null));
  store.on(["hovered", "selected", "lit", "sign"], (state) => {
    if (!inFront() || !current()) return;
    outlines.show(composer, colours.now);
    legend.saying(state);
    keepAnchor(store, composer.scene);
  });
  store.on(["named"], () => composer.layout?.columns.some((column) => column?.hidden) && fit());
  store.on(["stage"], schedule);
  store.on(["theme"], () => {
    colours = palette(root);
    refresh(null);
  });
  const resized = () => (legend.end() > legendEnd || isOtherSize(canvas, frame, composer.layout)) && fit();
  store.life.resized(resized, frame, root.querySelector(".legend"));
  const seen = (state) => inFront() && !showsPass(state) && current();
  return { ...readable(seen, { composer, look, wishes, outlines, colours: () => colours }), painted };
}

/** @type {import("../base/feature.js").Feature} */
export const network = {
  name: "network",
  slot: "network",
  state: {
    selected: ofView(null, MARK, RUN),
    arrows: ofView("nudge", oneOf(ARROWS), PRESET),
    arrowsOf: ofView("mini_batch", oneOf(ARROWS_OF), PRESET), // whose gradients they show
    arrowScale: ofView("decades", oneOf(ARROW_SCALES), PRESET), // of their lengths
    legendOpen: passing(false), // whether all of the legend is shown, over the network
    sign: passing(null, RUN), // of the legend, which is pointed at or has the focus
    anchor: passing(null, RUN), // where on the stage what is pointed at or chosen is drawn
    wished: passing(null, RUN), // {t, layer, example, tensors}: what an example asks of a layer, for the stage
    named: passing([]), // cells whose neurons are drawn before others where there is not room for all
    units: passing(null, RUN), // the neurons of each layer that the stage has room for
  },
  mount,
};
