// How each outcome looks: a tone and a hatching, so that colour is never the only sign.

import { mix } from "../base/colours.js";

const TILE = 8; // pixels of a hatching, after which it repeats

/** What is drawn on a tile of each outcome's hatching. @type {Record<string, (pen: CanvasRenderingContext2D) => void>} */
const HATCHINGS = {
  solved() {},
  slow(pen) {
    pen.fillRect(1, 1, 1.6, 1.6);
    pen.fillRect(5, 5, 1.6, 1.6);
  },
  stuck(pen) {
    pen.fillRect(0, 3, TILE, 1);
  },
  diverged(pen) {
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const by of [-TILE, 0, TILE]) {
      pen.moveTo(by, TILE);
      pen.lineTo(by + TILE, 0);
    }
    pen.stroke();
  },
};

/** The tone of each outcome. @type {(colours: import("../base/colours.js").Colours) => Record<string, string>} */
export const tonesOf = ({ paper, first, second, text }) => ({
  solved: first,
  slow: mix(paper, first, 0.4),
  stuck: mix(paper, text, 0.16),
  diverged: mix(paper, second, 0.8),
});

/** The hatching of an outcome, to fill with on any canvas. */
export function hatchingOf(name, colours) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * devicePixelRatio;
  const pen = tile.getContext("2d");
  pen.scale(devicePixelRatio, devicePixelRatio);
  Object.assign(pen, { fillStyle: colours.text, strokeStyle: colours.text, globalAlpha: 0.5 });
  HATCHINGS[name](pen);
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / devicePixelRatio));
  return pattern;
}
