// What draws a surface: its ground where that is another, and the paths and the profile with each moment.

import { palette } from "../base/colours.js";
import { sized } from "../base/dom.js";
import { say } from "../base/words.js";
import { laneOf } from "../lab/names.js";
import { finest, lossAt, placeIn } from "./ground.js";
import { paintGround, paintPaths, paintPointer, placeOf, placesOf, pointedAt, toneOf } from "./paint.js";
import { paintProfile } from "./profile.js";
import { scaleOf } from "./scale.js";
import { axesOf, gapOf } from "./told.js";

/** The colour of a lane, by its name; where there is one alone, as the style sheet of lanes is not there, the first. */
const laneColours = (root, { first }) => {
  const style = getComputedStyle(root);
  return (name) => style.getPropertyValue(`--lane-${name.toLowerCase()}`).trim() || first;
};

/** The context of a canvas that fills an element; null where that has no room. */
function filling(canvas, { clientWidth: width, clientHeight: height }) {
  return width && height ? sized(canvas, width, height) : null;
}

/** Paint ground and paths on any context. */
function paintWhole(context, now) {
  paintGround(context, { ...now, picture: document.createElement("canvas") });
  paintPaths(context, placesOf(now), now);
}

/** Draw on the canvases among `parts`. */
export function createDrawing(root, parts, store) {
  let [colours, ground, scale] = [palette(root), null, null];
  let colourOf = laneColours(root, colours);
  const { fontFamily: font } = getComputedStyle(root);
  let pointer = null; // the coordinates that are pointed at
  let extent = null;

  function lane(run) {
    const { name, t } = laneOf(store.get(), run);
    return { name, t, colour: colourOf(name) };
  }

  function drawing(measured) {
    const { surfaceLook: look, theme, words } = store.get();
    const size = { width: parts.picture.clientWidth, height: parts.picture.clientHeight };
    return {
      look,
      dark: theme === "dark",
      colours,
      font,
      size,
      ground,
      scale,
      extent: measured.extent,
      paths: measured.paths,
      gap: gapOf(measured.paths),
      names: axesOf(words, measured.plane),
      title: say(words, scale.logarithmic ? "surface.scale.logarithmic" : "surface.scale"),
      lane,
    };
  }

  function profileOf(measured) {
    const { listing, moment } = store.get();
    const size = { width: parts.profile.clientWidth, height: parts.profile.clientHeight };
    const latest = Math.max(...measured.paths.flatMap(({ points }) => points.map(({ t }) => t)));
    return { paths: measured.paths, colours, font, size, lane, t: moment.t, latest, listing, scale };
  }

  return {
    profileOf,
    pointer: () => pointer,
    point(to) {
      pointer = to;
    },
    get ground() {
      return ground;
    },
    get colours() {
      return colours;
    },
    /** The colour of a loss on level ground, as #rrggbb. */
    toneOf: (loss) => toneOf(colours, store.get().theme === "dark", Number.isFinite(loss) ? scale.share(loss) : 1),
    /** The lane of a path's run, {name, t, colour}. */
    lane,
    recolour() {
      colours = palette(root);
      colourOf = laneColours(root, colours);
    },
    /** Take the losses that there are; tells whether they make another ground. */
    take(measured) {
      const found = measured ? finest(measured.losses, measured.done) : null;
      if (found && found.side === ground?.side && measured.done < measured.losses.length) return false;
      ground = found;
      extent = measured?.extent ?? null;
      const heights = measured?.paths.flatMap(({ points }) => points.map(({ below }) => below)) ?? [];
      scale = found ? scaleOf([...found.losses, ...heights]) : null;
      return true;
    },
    paintGround(measured) {
      const context = filling(parts.ground, parts.picture);
      if (context && ground && scale)
        paintGround(context, { ...drawing(measured), picture: document.createElement("canvas") });
    },
    paintPaths(measured) {
      const context = filling(parts.canvas, parts.picture);
      if (!context || !ground || !scale) return;
      const now = drawing(measured);
      paintPaths(context, placesOf(now), now);
      if (pointer) paintPointer(context, pointer, now);
      const profile = filling(parts.profile, parts.profile);
      if (profile) paintProfile(profile, profileOf(measured));
    },
    /** All of it on any context. */
    paint: (context, measured) => paintWhole(context, drawing(measured)),
    /** Where coordinates are drawn on the ground. */
    placeOf: (coordinates, measured) => (ground && scale ? placeOf(coordinates, drawing(measured)) : [0, 0]),
    pointedAt: (place, measured) => (ground && scale ? pointedAt(place, drawing(measured)) : null),
    /** The point of the page's own path that is drawn nearest to a place of the canvas, within so many pixels; null where none is. */
    pointAt([x, y], measured, within) {
      if (!ground || !scale) return null;
      const all = placesOf(drawing(measured))[0].points;
      const far = ({ foot }) => Math.hypot(foot[0] - x, foot[1] - y);
      const nearest = all.reduce((best, each) => (!best || far(each) < far(best) ? each : best), null);
      return nearest && far(nearest) <= within ? nearest : null;
    },
    /** The loss of the ground at the place that is pointed at. */
    loss: () => (pointer && ground ? lossAt(ground, ...placeIn(extent, pointer)) : null),
  };
}
