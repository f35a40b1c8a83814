// Where a mark is drawn on the stage, and how far around it nothing else may stand.

import { locate } from "../draw/highlight.js";
import { along } from "../draw/layout.js";

const REACH = 14; // pixels around a point of a line, or an arrow

/** The place of a mark: {x, y, reach}; null of none, and of one that is not drawn. */
function anchorOf(scene, mark) {
  if (!mark || !scene) return null;
  const pointed = mark.x !== undefined && mark.layer !== undefined && mark.radius === undefined;
  if (pointed || mark.kind === "pixel") return mark.x === undefined ? null : { x: mark.x, y: mark.y, reach: REACH };
  const found = locate(scene, mark);
  if (!found) return null;
  if (found.path) return { ...along(found.path, 0.5), reach: REACH };
  return { x: found.x, y: found.y, reach: Math.max(REACH, found.reach + 6) };
}

/** Keep where in a scene the mark is drawn that is pointed at or chosen: `anchor` of the store. */
export function keepAnchor(store, scene) {
  const { hovered, selected, anchor } = store.get();
  const next = anchorOf(scene, hovered ?? selected);
  if (["x", "y", "reach"].some((name) => next?.[name] !== anchor?.[name])) store.set({ anchor: next });
}
