// A lane's network on a canvas, drawn as the stage draws it.

import { sized } from "../base/dom.js";
import { segmentAt } from "../base/time.js";
import { LEAST_TYPE } from "../draw/layout.js";
import { createStagePainter } from "../draw/stage.js";
import { createComposer } from "../network/composer.js";
import { lookOf } from "../network/look.js";
import { roomFor } from "../network/room.js";
import { marksOf } from "../network/scene.js";

const LEAST = 50; // pixels of a side on which anything is drawn
const ABOVE = 10; // pixels above a network

/**
 * A picture on `canvas` of what `shown()` gives, the store's values with the moment that is to be drawn. `theme()` has its
 * colours and font, and `scales` what it is drawn to, as for the composer. Returns {fit, refresh, draw, paint, network, marks}.
 */
export function createPicture(canvas, shown, theme, scales) {
  const context = canvas.getContext("2d", { alpha: false });
  const paint = createStagePainter();
  const composer = createComposer(
    { get: shown },
    () => theme().colours,
    () => {},
    scales,
  );
  let previous = null; // the moment that is drawn
  let size = "";

  const structure = ({ listing, moment }) => segmentAt(listing, moment?.t ?? 0).experiment.layers;

  function paintOn(to, now, whole = false) {
    const scene = composer.layout && shown().moment && composer.current();
    if (!scene) return false;
    const { layers, gesture, progress } = whole ? { ...composer.at(now), progress: 1 } : composer.at(now);
    const look = lookOf(shown(), layers, composer.layout, scene, gesture.lights, theme());
    paint(to, composer.layout, scene, look, gesture, progress);
    return progress < 1;
  }

  return {
    /** Lay the network out in the room that there is. Returns the units that are drawn, or null where nothing is. */
    fit() {
      const state = shown();
      const { clientWidth: width, clientHeight: height } = canvas.parentElement;
      if (!state.listing || !state.moment || width < LEAST || height < LEAST) return null;
      const layers = structure(state);
      const now = `${width} ${height} ${devicePixelRatio}`;
      if (composer.layout && now === size && !composer.take(layers)) return null;
      size = now;
      composer.take(layers);
      sized(canvas, width, height);
      const room = roomFor(state.listing.sizes, layers, { width, height }, 0, LEAST_TYPE, [], ABOVE);
      composer.fit(room);
      composer.refresh(null);
      previous = null;
      return JSON.stringify(room.units);
    },

    /** Have it composed anew before it is painted. */
    refresh() {
      const { moment } = shown();
      composer.refresh(moment === previous ? null : previous);
      previous = moment;
    },

    /** What is drawn, for the scales: {moment, layout}; null where nothing is. */
    network: () => (composer.layout && shown().moment ? { moment: shown().moment, layout: composer.layout } : null),

    /** The scene that is drawn, or null. */
    scene: () => (composer.layout && shown().moment ? composer.current() : null),

    /** Paint it. Returns whether its gesture goes on. */
    draw: (now) => paintOn(context, now),

    /** Paint it on any context, at the end of its gesture. */
    paint: (to) => paintOn(to, performance.now(), true),

    marks() {
      const scene = composer.layout && shown().moment && composer.current();
      return scene ? marksOf(scene, theme().colours) : [];
    },
  };
}
