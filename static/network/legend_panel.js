// The legend on the stage.

import { throttled } from "../base/throttle.js";
import { legendOf, sayingOf } from "./legend.js";
import { parameterMeant } from "./meant.js";

/**
 * The legend in `root`, of the scene and the layout that `composer` has: `tell()` writes all of it, `saying(state)` what the
 * arrow of the parameter that is meant says, and `end()` is where it ends, in pixels from the top.
 */
export function createLegend(root, store, composer) {
  function set(name, text) {
    const element = root.querySelector(`[data-legend="${name}"]`);
    if (element.textContent !== text) element.textContent = text;
  }

  const saying = (state) => set("saying", sayingOf(state.words, composer.scene, state.moment, parameterMeant(state)));

  return {
    saying,
    tell: throttled(store, (state) => {
      const { scene } = composer;
      if (!scene) return;
      const sentences = legendOf(state.words, scene, Boolean(composer.layout.picture));
      for (const [name, text] of Object.entries(sentences)) set(name, text);
      saying(state);
    }),
    end: () => root.offsetTop + root.offsetHeight,
  };
}
