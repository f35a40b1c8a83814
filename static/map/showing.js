// What shows a map: its runs and its legend, and the run that is pointed at with its curve.

import { palette } from "../base/colours.js";
import { sized } from "../base/dom.js";
import { say } from "../base/words.js";
import { paintCurve } from "./curve.js";
import { showLegend } from "./legend.js";
import { paintAxes, paintOwn, paintPointer, paintRuns } from "./paint.js";
import { runAt } from "./runs.js";
import { saidOf } from "./told.js";

/** What shows a map that is measured, `now()`, and the cell in it that is pointed at. */
export function createShowing(root, parts, { store, now }) {
  let colours = palette(root);
  const { fontFamily: font } = getComputedStyle(root);
  /** @type {{column: number, row: number} | null} */
  let cell = null;

  const size = () => ({ width: parts.picture.clientWidth, height: parts.picture.clientHeight });
  const shown = () => (cell && now() ? runAt(now().runs, cell.column, cell.row) : null);
  const drawing = () => ({
    ...now(),
    names: now().settings.outcomes.names,
    words: store.get().words,
    colours,
    font,
    size: size(),
  });

  function point() {
    const { words } = store.get();
    const measured = now();
    const context = sized(parts.pointer, size().width, size().height);
    const facts = measured?.facts;
    const told = cell && facts ? saidOf(words, measured, cell, shown()) : say(words, "map.hint");
    if (parts.said.textContent !== told) parts.said.textContent = told;
    paintCurve(parts.curve, { curve: shown()?.curve, steps: facts?.steps, level: facts?.level, colours, font });
    if (!measured) return;
    paintOwn(context, drawing());
    if (cell) paintPointer(context, cell, drawing());
  }

  return {
    shown,
    cell: () => cell,
    colours: () => colours,
    size,
    pointed(/** @type {typeof cell} */ to) {
      cell = to;
      point();
    },
    /** All of it, in the colours and the size that it has now. */
    paint() {
      if (!size().width) return;
      colours = palette(root);
      const context = sized(parts.runs, size().width, size().height);
      if (now()) {
        paintRuns(context, drawing());
        paintAxes(context, drawing());
        showLegend(parts.legend, store.get().words, now(), colours);
      }
      point();
    },
  };
}
