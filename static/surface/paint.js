// The drawing of a surface: its ground with contours and their heights, the axes, the paths, and the stems of the gaps.

import { channels, mix } from "../base/colours.js";
import { brief } from "../base/numbers.js";
import { ticks } from "../base/ticks.js";
import { contours } from "./contours.js";
import { coordinatesOf, lossAt, placeIn } from "./ground.js";
import { DOWN, projection } from "./project.js";

const ROOM = { left: 46, right: 74, top: 12, bottom: 40 };
const TONES = { light: [0, 0.34], dark: [0.03, 0.42] }; // of the text's colour in the ground, from the least loss to the largest
const [SUN, STEEP] = [[-0.5, 0.55, 0.67], 0.9]; // where the light comes from, and how steep the ground is in it
const COARSER = 2; // pixels of the ground of a map, on a side, that have one tone before it is smoothed
const SHADE = 0.5; // how much the light tells
export const STEM = 36; // pixels of the longest stem on a map

/** Where the surface itself lies on a canvas of this size. */
export const roomOf = ({ width, height }) => ({
  left: ROOM.left,
  top: ROOM.top,
  width: Math.max(40, width - ROOM.left - ROOM.right),
  height: Math.max(40, height - ROOM.top - ROOM.bottom),
});

/** The tone of a place as red, green and blue, by its share of the scale and how it lies to the light. */
function createTone(colours, dark) {
  const [from, to] = TONES[dark ? "dark" : "light"].map((share) => channels(mix(colours.paper, colours.text, share)));
  return (share, light) => {
    const part = Math.max(0, Math.min(1, share));
    return from.map((low, i) => low + part * (to[i] - low) + light * (dark ? 46 : 40));
  };
}

/** The tone of a share on level ground, as #rrggbb. */
export const toneOf = (colours, dark, share) =>
  `#${createTone(colours, dark)(share, 0)
    .map((channel) => Math.round(channel).toString(16).padStart(2, "0"))
    .join("")}`;

/** How much light a place has, about −1 to 1: by how the shares of the scale rise there along both sides. */
function lightOf(along, across) {
  const [x, y] = [-along * STEEP, -across * STEEP];
  const length = Math.hypot(x, y, 1);
  return SHADE * ((x * SUN[0] + y * SUN[1] + SUN[2]) / length - SUN[2]);
}

/** Shares of the scale at the points of a ground; what is no finite number is as high as the highest. */
const sharesOf = ({ losses }, scale) =>
  Float64Array.from(losses, (loss) => (Number.isFinite(loss) ? scale.share(loss) : 1));

/** The ground of a map, each pixel of a picture between the points of the grid around it. */
function paintMap(context, { ground, shares, room, tone, picture }) {
  const [wide, high] = [room.width, room.height].map((length) => Math.round(length / COARSER));
  Object.assign(picture, { width: wide, height: high });
  const pen = picture.getContext("2d");
  const image = pen.createImageData(wide, high);
  const field = { side: ground.side, losses: shares };
  const step = 0.5 / (ground.side - 1);
  for (let y = 0; y < high; y += 1) {
    const v = 1 - (y + 0.5) / high;
    for (let x = 0; x < wide; x += 1) {
      const u = (x + 0.5) / wide;
      const along = (lossAt(field, u + step, v) - lossAt(field, u - step, v)) / (2 * step);
      const across = (lossAt(field, u, v + step) - lossAt(field, u, v - step)) / (2 * step);
      const colour = tone(lossAt(field, u, v), lightOf(along, across));
      const place = 4 * (y * wide + x);
      for (let i = 0; i < 3; i += 1) image.data[place + i] = colour[i];
      image.data[place + 3] = 255;
    }
  }
  pen.putImageData(image, 0, 0);
  context.drawImage(picture, room.left, room.top, room.width, room.height);
}

/** The ground of a relief: its cells from the far ones to the near ones. */
function paintRelief(context, { ground: { side }, shares, project, tone }) {
  const cells = side - 1;
  for (let j = cells - 1; j >= 0; j -= 1) {
    for (let i = 0; i < cells; i += 1) {
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ]; // prettier-ignore
      const heights = corners.map(([column, row]) => shares[row * side + column]);
      const along = ((heights[1] + heights[2] - heights[0] - heights[3]) / 2) * cells;
      const across = ((heights[2] + heights[3] - heights[0] - heights[1]) / 2) * cells;
      const mean = heights.reduce((sum, height) => sum + height, 0) / 4;
      const colour = `rgb(${tone(mean, lightOf(along, across)).map(Math.round).join(" ")})`;
      context.beginPath();
      corners.forEach(([column, row], k) => context.lineTo(...project(column / cells, row / cells, heights[k])));
      context.closePath();
      Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 0.7 });
      context.fill();
      context.stroke();
    }
  }
}

/** The near side of a relief, from the ground down to the least loss. */
function paintFront(context, { ground: { side }, shares, project, tone, colours }) {
  const edge = Array.from({ length: side }, (_, i) => project(i / (side - 1), 0, shares[i]));
  context.beginPath();
  for (const [x, y] of [...edge, project(1, 0, DOWN), project(0, 0, DOWN)]) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = `rgb(${tone(0.1, -0.12).map(Math.round).join(" ")})`;
  context.fill();
  Object.assign(context, { strokeStyle: colours.rule, lineWidth: 1 });
  context.stroke();
}

/** A path through points that are projected already. */
function trace(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

/** The contours, and in the middle of the longest of each its loss. */
function paintContours(context, { ground, scale, project, colours, font, look, feet }) {
  const cells = ground.side - 1;
  const taken = [...feet];
  context.save();
  context.lineJoin = "round";
  context.font = `10.5px ${font}`;
  for (const level of scale.levels) {
    const lines = contours(ground.losses, ground.side, level).map(({ points }) =>
      points.map(([x, y]) => project(x / cells, y / cells, scale.share(level))),
    );
    Object.assign(context, { strokeStyle: colours.line, lineWidth: 0.9, globalAlpha: look === "map" ? 0.75 : 0.45 });
    for (const line of lines) trace(context, line);
    context.globalAlpha = 1;
    const place = placeForLabel(lines, taken);
    if (!place) continue;
    taken.push(place);
    label(context, scale.text(level), place, colours);
  }
  context.restore();
}

/** A place on the longest line that is not near labels and moments that are there; null where there is none. */
function placeForLabel(lines, taken) {
  const longest = lines.reduce((best, line) => (line.length > best.length ? line : best), []);
  if (longest.length < 8) return null;
  const free = ([x, y]) => taken.every(([a, b]) => Math.abs(x - a) > 34 || Math.abs(y - b) > 14);
  const order = [0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9].map((share) => longest[Math.round(share * (longest.length - 1))]);
  return order.find(free) ?? null;
}

/** A number on a contour, with the ground's colour around it. */
function label(context, text, [x, y], colours) {
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineWidth: 3.5, lineJoin: "round" });
  context.strokeStyle = colours.paper;
  context.strokeText(text, x, y);
  context.fillStyle = colours.muted;
  context.fillText(text, x, y);
}

/** The axes: their numbers and names, along the near sides of the surface. */
function paintAxes(context, { extent, project, colours, font, names, room, look }) {
  Object.assign(context, { font: `11px ${font}`, fillStyle: colours.muted, strokeStyle: colours.rule, lineWidth: 1 });
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ]; // prettier-ignore
  if (look === "map")
    trace(
      context,
      corners.map(([u, v]) => project(u, v, 0)),
    ); // prettier-ignore
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const [number, text] of ticks(extent.low[0], extent.high[0], Math.max(3, room.width / 110))) {
    const [x, y] = project(placeIn(extent, [number, 0])[0], 0, DOWN);
    context.fillText(text, x, y + 5);
  }
  context.fillText(names[0], room.left + room.width / 2, room.top + room.height + 22);
  if (look !== "map") return;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [number, text] of ticks(extent.low[1], extent.high[1], Math.max(3, room.height / 80))) {
    const [x, y] = project(0, placeIn(extent, [0, number])[1], 0);
    context.fillText(text, x - 6, y);
  }
  context.save();
  context.translate(room.left - 36, room.top + room.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(names[1], 0, 0);
  context.restore();
}

/** The scale of tones beside the surface, with the loss of each contour that has room. */
function paintScale(context, { scale, tone, colours, font, room, title }) {
  const [left, width] = [room.left + room.width + 18, 10];
  const [top, height] = [room.top + 22, Math.min(room.height - 30, 190)];
  for (let y = 0; y < height; y += 1) {
    context.fillStyle = `rgb(${tone(1 - y / height, 0)
      .map(Math.round)
      .join(" ")})`;
    context.fillRect(left, top + y, width, 1.5);
  }
  Object.assign(context, { strokeStyle: colours.rule, lineWidth: 1, font: `10.5px ${font}`, fillStyle: colours.muted });
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  Object.assign(context, { textAlign: "left", textBaseline: "middle" });
  context.fillText(title, left - 4, room.top + 8);
  let last = Infinity;
  for (const level of [scale.low, ...scale.levels]) {
    const y = top + height * (1 - scale.share(level));
    if (last - y < 14) continue;
    last = y;
    context.fillText(level === scale.low ? brief(level) : scale.text(level), left + width + 5, y);
  }
}

/** The part of a drawing that stays while the run moves on: the ground, its contours, the axes and the scale. */
export function paintGround(context, drawing) {
  const { look, dark, colours, size, ground, scale } = drawing;
  const room = roomOf(size);
  const all = {
    ...drawing,
    room,
    project: projection(look, room),
    tone: createTone(colours, dark),
    shares: sharesOf(ground, scale),
    feet: placesOf(drawing).flatMap(({ points }) => points.map(({ foot }) => foot)),
  };
  if (look === "map") paintMap(context, all);
  else {
    paintRelief(context, all);
    paintFront(context, all);
  }
  paintContours(context, all);
  paintAxes(context, all);
  paintScale(context, all);
}

/**
 * Where each moment of the paths is drawn: its place on the surface, and the end of its stem. On a map stems have a length
 * of their own, of which the largest gap has the most; in a relief they reach to the true loss.
 */
export function placesOf({ look, size, paths, ground, scale, extent, gap }) {
  const room = roomOf(size);
  const project = projection(look, room);
  return paths.map(({ run, points }) => ({
    run,
    points: points.map((point) => {
      const [u, v] = placeIn(extent, point.coordinates);
      const foot = project(u, v, scale.share(Number.isNaN(point.below) ? lossAt(ground, u, v) : point.below));
      const off = Math.max(-STEM, Math.min(STEM, ((point.loss - point.below) / (gap || 1)) * STEM)) || 0;
      const head =
        look === "map"
          ? [foot[0], foot[1] - off]
          : project(u, v, scale.share(Number.isNaN(point.loss) ? lossAt(ground, u, v) : point.loss));
      return { ...point, foot, head, seen: u >= 0 && u <= 1 && v >= 0 && v <= 1 };
    }),
  }));
}

/** The name of a lane beside a place, on the ground's colour. */
function labelLane(context, [x, y], text, { colour, colours, font }) {
  Object.assign(context, { font: `bold 12px ${font}`, textAlign: "left", textBaseline: "middle", lineWidth: 3 });
  Object.assign(context, { strokeStyle: colours.paper, fillStyle: colour });
  context.strokeText(text, x + 9, y);
  context.fillText(text, x + 9, y);
}

/** A filled circle with the ground's colour around it. */
function dot(context, [x, y], radius, colour, around) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: colour, strokeStyle: around, lineWidth: 1.5 });
  context.fill();
  context.stroke();
}

/**
 * The paths over the ground: stems from the surface to each moment's true loss, the way on the surface, what lies before
 * the moment of its lane in full colour, and that moment itself.
 */
export function paintPaths(context, places, { colours, lane, font, size }) {
  const room = roomOf(size);
  context.save();
  context.beginPath();
  context.rect(room.left, 0, room.width, room.top + room.height + 1);
  context.clip();
  places.forEach(({ run, points }) => {
    const { name, t, colour } = lane(run);
    const [done, ahead] = [points.filter((each) => each.t <= t), points.filter((each) => each.t >= t)];
    Object.assign(context, { lineJoin: "round", lineCap: "round", strokeStyle: colour });
    for (const [part, alpha] of [
      [ahead, 0.35],
      [done, 1],
    ]) {
      Object.assign(context, { globalAlpha: alpha, lineWidth: 1 });
      for (const { foot, head } of part) trace(context, [foot, head]);
      context.lineWidth = 2.2;
      trace(
        context,
        part.map(({ foot }) => foot),
      ); // prettier-ignore
      for (const { foot } of part) dot(context, foot, 2.4, colour, colour);
    }
    context.globalAlpha = 1;
    if (points.length) dot(context, points[0].foot, 4, colours.paper, colour);
    if (places.length > 1 && points.length) labelLane(context, points.at(-1).foot, name, { colour, colours, font });
    const now = done.at(-1);
    if (now) {
      Object.assign(context, { strokeStyle: colours.now, lineWidth: 2 });
      trace(context, [now.foot, now.head]);
      dot(context, now.foot, 6, colours.now, colours.paper);
    }
  });
  context.restore();
}

/** Where coordinates are drawn on the ground. */
export function placeOf(coordinates, { look, size, extent, scale, ground }) {
  const [u, v] = placeIn(extent, coordinates);
  return projection(look, roomOf(size))(u, v, scale.share(lossAt(ground, u, v)));
}

/** The place of the surface that is pointed at: a ring, and on a map lines to the axes. */
export function paintPointer(context, pointer, drawing) {
  const { look, size, colours } = drawing;
  const room = roomOf(size);
  const [x, y] = placeOf(pointer, drawing);
  Object.assign(context, { strokeStyle: colours.text, lineWidth: 1, globalAlpha: 0.4 });
  if (look === "map") {
    trace(context, [
      [x, room.top],
      [x, room.top + room.height],
    ]); // prettier-ignore
    trace(context, [
      [room.left, y],
      [room.left + room.width, y],
    ]); // prettier-ignore
  }
  context.globalAlpha = 1;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.lineWidth = 1.6;
  context.stroke();
}

/** The coordinates of the surface under a point of the canvas; null beside it. In a relief that of the nearest place. */
export function pointedAt([x, y], { look, size, extent, scale, ground }) {
  const room = roomOf(size);
  if (look === "map") {
    const [u, v] = [(x - room.left) / room.width, 1 - (y - room.top) / room.height];
    return u < 0 || u > 1 || v < 0 || v > 1 ? null : coordinatesOf(extent, [u, v]);
  }
  const project = projection(look, room);
  let [best, least] = [null, 24 ** 2];
  for (let k = 0; k < ground.losses.length; k += 1) {
    const [u, v] = [(k % ground.side) / (ground.side - 1), Math.floor(k / ground.side) / (ground.side - 1)];
    const [a, b] = project(u, v, scale.share(ground.losses[k]));
    const distance = (a - x) ** 2 + (b - y) ** 2;
    if (distance < least) [best, least] = [coordinatesOf(extent, [u, v]), distance];
  }
  return best;
}
