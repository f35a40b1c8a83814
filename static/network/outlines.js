// The outlines on the stage, over the network.

import { SIGNS } from "./legend.js";
import { paintHighlight } from "../draw/highlight.js";
import { paintLit } from "../draw/lit.js";

/**
 * The outlines of what is pointed at, chosen, or of a sign of the legend: `show(composer, colour)` paints them on a canvas
 * over the stage, `paint(context, composer, colour)` anywhere.
 */
export function createOutlines(overlay, store, wishes) {
  const own = overlay.getContext("2d");
  let outlined = false;

  function outlinesOf({ scene, lights }) {
    const { selected, hovered, lit, sign } = store.get();
    return {
      marks: [selected, hovered, ...lit].filter(Boolean),
      meant: sign ? SIGNS[sign](scene, lights, wishes()) : [],
    };
  }

  function paint(context, composer, colour) {
    const { marks, meant } = outlinesOf(composer);
    for (const mark of marks) paintHighlight(context, composer.scene, mark, colour);
    paintLit(context, meant, colour);
  }

  return {
    paint,
    show(composer, colour) {
      const { marks, meant } = outlinesOf(composer);
      const { width, height } = composer.layout;
      if (outlined || marks.length || meant.length) own.clearRect(0, 0, width, height); // a clear canvas costs nothing
      outlined = marks.length + meant.length > 0;
      overlay.classList.toggle("empty", !outlined);
      paint(own, composer, colour);
    },
  };
}
