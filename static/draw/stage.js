// The whole stage painted from a scene: the band of what is computed now, lines, arrows, neurons, captions.

import { ease, between } from "../base/motion.js";
import { count as whole } from "../base/numbers.js";
import { paintNormScales, paintMasks, paintSkips } from "./extras.js";
import { paintFlow, paintLines } from "./lines.js";
import { paintBiases, paintHalos, paintNeurons, paintNotes, paintParameters } from "./neurons.js";
import { paintNudges } from "./nudges.js";
import { createPicturePainter } from "./pictures.js";
import { typed } from "./type.js";

/** @import { BiasMark, Context, NormScaleMark, Gesture, Layout, LineMark, Look, PicturePlace, Scene } from "./types.js" */
/** @import { Colours } from "../base/colours.js" */

/**
 * Tint the column that is being computed now.
 *
 * @param {Context} context
 * @param {Layout} layout
 * @param {number} layer
 * @param {Colours} colours
 */
function paintBand(context, layout, layer, colours) {
  const column = layout.columns[layer];
  const box = column
    ? { x: column.x - layout.radius - 22 * layout.scale, width: 2 * layout.radius + 44 * layout.scale }
    : { x: layout.picture.x - 8, width: layout.picture.side + 16 };
  context.fillStyle = colours.now;
  context.globalAlpha = 0.06;
  context.beginPath();
  context.roundRect(box.x, layout.top, box.width, layout.height - layout.top - 6, 14);
  context.fill();
  context.globalAlpha = 1;
}

/**
 * A brace in the gap of a layer too tall to draw whole, with the count of units left out.
 *
 * @param {Context} context
 * @param {Layout} layout
 * @param {Look} look
 */
function paintGaps(context, layout, look) {
  const { colours, say, scale } = look;
  context.textAlign = "center";
  for (const column of layout.columns) {
    if (!column?.hidden) continue;
    context.fillStyle = colours.muted;
    for (const above of [14, 9, 4]) {
      context.beginPath();
      context.arc(column.x, column.gap - above * scale, 1.4 * scale, 0, 2 * Math.PI);
      context.fill();
    }
    context.font = typed(look, 11);
    context.fillText(say("more", { count: column.hidden }), column.x, column.gap + 14 * scale);
    const [low, high] = [column.ys.get(column.shown[0]), column.ys.get(column.shown.at(-1))];
    const x = column.x + layout.radius + 14;
    context.strokeStyle = colours.rule;
    context.lineWidth = 1.2;
    context.beginPath();
    context.moveTo(x, low);
    context.bezierCurveTo(x + 7, low, x + 1, column.gap, x + 8, column.gap);
    context.bezierCurveTo(x + 1, column.gap, x + 7, high, x, high);
    context.stroke();
  }
}

/**
 * @param {Context} context
 * @param {Layout} layout
 * @param {Look} look
 * @param {number | null} litLayer
 */
function paintCaptions(context, layout, look, litLayer) {
  const { colours, captions, scale } = look;
  const y = layout.height - 16 * scale;
  context.textAlign = "center";
  captions.forEach((texts, layer) => {
    const column = layout.columns[layer];
    const x = column ? column.x : layout.picture.x + layout.picture.side / 2;
    context.font = typed(look, 12);
    context.fillStyle = layer === litLayer ? colours.now : colours.muted;
    const room = layout.spacing || layout.width / 2;
    const shown = texts.find((text) => context.measureText(text).width < room - 12) ?? "";
    const half = context.measureText(shown).width / 2 + 6;
    const inside = Math.max(half, Math.min(layout.width - half, x));
    context.fillText(shown, inside, column ? y : layout.picture.y + layout.picture.side + 20 * scale);
  });
  context.font = typed(look, 11);
  context.fillStyle = colours.muted;
  for (const { layer, shown, count } of look.left) {
    const [from, to] = [layout.columns[layer - 1].x, layout.columns[layer].x];
    const room = to - from - 2 * layout.radius - 8;
    const text = [look.say("drawn", { shown, count: whole(count) }), `${shown} / ${whole(count)}`].find(
      (each) => context.measureText(each).width < room,
    );
    if (text) context.fillText(text, (from + to) / 2, layout.top + 12 * scale);
  }
  if (!layout.picture) return;
  const { weights, gradients, small } = layout.picture;
  const top = Math.min(...layout.columns[1].ys.values()) - small / 2 - 8;
  context.font = typed(look, small < 26 * scale ? 10 : 12, "italic");
  context.fillStyle = colours.muted;
  context.fillText(look.weights, weights + small / 2, top);
  context.fillText(look.gradients, gradients + small / 2, top);
}

/**
 * Where the input will be, until there is one.
 *
 * @param {Context} context
 * @param {PicturePlace} place
 * @param {Colours} colours
 */
function paintMissingInput(context, { x, y, side }, colours) {
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  context.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  context.setLineDash([]);
}

/**
 * The links from the pictures to their neurons.
 *
 * @param {Context} context
 * @param {Layout} layout
 * @param {Colours} colours
 */
function paintLinks(context, layout, colours) {
  if (!layout.picture) return;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  const x = layout.picture.gradients + layout.picture.small + 4;
  for (const y of layout.columns[1].ys.values()) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(layout.columns[1].x - layout.radius, y);
    context.stroke();
  }
}

/**
 * Lines and biases on their way from their widths in an earlier scene.
 *
 * @template {LineMark | BiasMark | NormScaleMark} M
 * @param {M[]} marks
 * @param {M[] | undefined} earlier
 * @param {Set<string>} growing
 * @param {number} share
 * @returns {M[]}
 */
function moving(marks, earlier, growing, share) {
  if (!earlier || share >= 1) return marks;
  const sizes = new Map(earlier.map((mark) => [`${mark.tensor}:${mark.index}`, mark.size]));
  return marks.map((mark) =>
    growing.has(mark.tensor)
      ? { ...mark, size: between(sizes.get(`${mark.tensor}:${mark.index}`), mark.size, share) }
      : mark,
  );
}

/** A painter of stages. `gesture` has the tensors that have just been written, the flow, and the scene before. */
export function createStagePainter() {
  const paintPictures = createPicturePainter();
  /**
   * @param {Context} context
   * @param {Layout} layout
   * @param {Scene} scene
   * @param {Look} look
   * @param {Gesture} gesture
   * @param {number} progress
   */
  return (context, layout, scene, look, gesture, progress) => {
    const { growing, flow, lit, earlier } = gesture;
    const share = ease(flow ? Math.max(0, (progress - 0.4) / 0.6) : progress);
    context.fillStyle = look.colours.paper;
    context.fillRect(0, 0, layout.width, layout.height);
    if (lit !== null) paintBand(context, layout, lit, look.colours);
    paintLinks(context, layout, look.colours);
    paintLines(context, moving(scene.lines, earlier?.lines, growing, share), look);
    if (flow && progress < 1) {
      paintFlow(
        context,
        scene.lines.filter((mark) => mark.layer === flow.layer),
        look.colours.now,
        Math.min(1, progress / 0.6),
        flow.backward,
      );
    }
    paintSkips(context, scene.skips);
    paintNormScales(context, moving(scene.normScales, earlier?.normScales, growing, share));
    paintBiases(context, moving(scene.biases, earlier?.biases, growing, share));
    if (layout.picture && !scene.pictures.some(({ kind }) => kind === "ink"))
      paintMissingInput(context, layout.picture, look.colours);
    paintPictures(context, scene.pictures, look.colours, growing, share);
    paintHalos(context, scene.halos, look.scale, growing, share);
    paintNeurons(context, scene.neurons, look, growing, share);
    paintMasks(context, scene.masks);
    paintParameters(context, scene, look);
    paintNudges(context, scene.nudges, look, growing, share);
    paintNotes(context, scene, look);
    paintGaps(context, layout, look);
    paintCaptions(context, layout, look, lit);
  };
}
