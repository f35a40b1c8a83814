// The scene of the moment that is shown, composed when it is needed: moments that come faster than they can be painted
// never are.

import { gradientsOf } from "../ask/watch.js";
import { arrowsFor } from "./arrows.js";
import { gestureBetween } from "./gesture.js";
import { moves } from "../base/motion.js";
import { compose, scalesOf } from "./scene.js";

/** The scales of the network that is shown, by itself. */
const alone = (network, arrows, lengths) => scalesOf([network], arrows, lengths);

/**
 * `colours()` are the theme's; `composed()` is called when there is another scene. `scales(network, arrows, lengths)` gives
 * what a network, {moment, layout}, is drawn to.
 */
export function createComposer(store, colours, composed, scales = alone) {
  let layout = null;
  let places = []; // of the arrows, by layer
  let layers = []; // in force
  let scene = null;
  let stale = false; // whether the scene is that of an earlier moment
  let from = null; // and the moment that the next one's gesture comes from
  let gesture = null;
  let began = 0;
  let duration = 0;

  return {
    /** The scene that was composed last, or null. */
    get scene() {
      return scene;
    },
    get layout() {
      return layout;
    },
    /** The tensors that were written last. */
    get lights() {
      return gesture.lights;
    },
    /** The layers in force. */
    get layers() {
      return layers;
    },
    /** What the painting takes besides the scene, and how much of the gesture is over at a time, from 0 to 1. */
    at(now) {
      const progress = duration ? Math.min(1, (now - began) / duration) : 1;
      if (progress === 1) duration = 0;
      return { layers, gesture, progress };
    },
    /** Take the layers in force. Tells whether they are others. */
    take(given) {
      const other = layers !== given;
      layers = given;
      return other;
    },
    /** Take another layout. */
    fit(room) {
      ({ layout, places } = room);
    },
    /** Have the scene composed anew when it is needed; `previous` is the moment that the gesture comes from. */
    refresh(previous) {
      if (!stale) from = previous;
      stale = true;
    },
    forget() {
      scene = null;
      stale = false;
    },
    /** The scene of the moment that is shown, or null. */
    current() {
      const state = store.get();
      const { moment, listing, example, gestureTime, arrowScale } = state;
      const of = gradientsOf(state);
      const due = of !== null && moment?.frame.gradientsOf !== of; // the example's own gradients are on their way
      if (!stale || !moment || due) return scene;
      stale = false;
      const [earlier, previous] = [scene, from];
      const shown = moment.shownExample(example);
      const arrows = arrowsFor(state);
      const drawnTo = scales({ moment, layout }, arrows, arrowScale);
      scene = compose(moment, layout, places, layers, shown, colours(), arrows, drawnTo);
      gesture = gestureBetween(listing, previous, moment, earlier);
      duration = previous && moves(gestureTime) ? gestureTime : 0;
      began = performance.now();
      composed();
      return scene;
    },
  };
}
