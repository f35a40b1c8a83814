// The wishes on the stage, on a canvas of their own: the arrows of all neurons above run into one column, their sum.

import { sized } from "../base/dom.js";
import { moves } from "../base/motion.js";
import { plainMark } from "../draw/marks.js";
import { paintWishes } from "../draw/wish_arrows.js";
import { wishMarks } from "./wishes.js";

const GATHERING = 900; // milliseconds

/**
 * `look()` has the colours, the font and the scale. Returns {show, paint, marks, plain}: what is asked is shown with
 * the scene of `composer`, or painted on any context; its marks, and these without how they are laid out.
 */
export function createWishesCanvas(canvas, store, composer, look) {
  let marks = [];
  let shown = null; // the answer that has been gathered
  let began = 0;
  let due = null;

  function paint() {
    due = null;
    const { width, height } = composer.layout;
    const context = sized(canvas, width, height);
    const share = moves(GATHERING) ? Math.min(1, (performance.now() - began) / GATHERING) : 1;
    paintWishes(context, marks, look(), share);
    if (share < 1) due = store.life.frame(paint);
  }

  /** Show what is asked at the moment that is shown; of another one nothing. */
  function show() {
    const { wished, moment, example } = store.get();
    const { layout } = composer;
    const fits = wished && layout && moment?.t === wished.t && moment.shownExample(example) === wished.example;
    const none = !marks.length;
    marks = fits ? wishMarks(wished, layout, look().colours) : [];
    canvas.hidden = !marks.length;
    if (none && !marks.length) return;
    if (shown !== wished) began = performance.now();
    shown = wished;
    store.life.cancelFrame(due);
    paint();
  }

  store.on(["wished"], () => composer.scene && show());
  /** @param {any} context */
  const paintOn = (context) => marks.length && paintWishes(context, marks, look(), 1);

  return { show, paint: paintOn, marks: () => marks, plain: () => marks.map(plainMark) };
}
