// The stage as a picture that can be taken along.

import { createStagePainter } from "../draw/stage.js";

/**
 * The picture of the stage: all that its canvases show, at the end of the gesture of its moment. `look(scene, gesture)` is
 * the look of a scene, and `layers` paint what stands above the network.
 */
export function pictureOf(composer, look, layers) {
  const { width, height } = composer.layout;
  return {
    name: "network",
    word: "along.network",
    width,
    height,
    exact: () => composer.current()?.t,
    paint(context) {
      const scene = composer.current();
      const { gesture } = composer.at(performance.now());
      createStagePainter()(context, composer.layout, scene, look(scene, gesture), gesture, 1);
      for (const layer of layers) layer(context);
    },
  };
}
