// Beside the pad: what the network sees of it, the digit that it reads, and how sure that is.

import { digitOf } from "./seen.js";
import { paintBytes } from "./strokes.js";
import { verdict } from "./verdict.js";

const SEEN = 28;

/** The answer in `root`, the pad; `colours()` gives the theme's. */
export function createAnswered(root, colours) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const context = root.querySelector("canvas.seen").getContext("2d");
  const prediction = part("prediction");
  return {
    show(state) {
      const { reading, drawing } = state;
      context.clearRect(0, 0, SEEN, SEEN);
      if (drawing) paintBytes(context, drawing.picture, SEEN, colours().ink);
      prediction.textContent = digitOf(reading);
      prediction.dataset.empty = String(!reading);
      part("hint").textContent = verdict(state);
    },
  };
}
