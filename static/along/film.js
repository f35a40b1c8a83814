// The frames of a stretch of training: each moment is sought, and drawn once the picture is of it.

import { palette } from "../base/colours.js";
import { captionOf } from "./caption.js";
import { drawingOf } from "./drawing.js";
import { createGif } from "./gif.js";
import { createWebm } from "./webm.js";

const KINDS = { gif: createGif, webm: createWebm };
const PATIENCE = 60; // paintings within which what is drawn is that of the moment

/** The pictures of the page that follow the run at once. */
export const exactOf = (taken) => taken("pictures").filter((each) => each.exact);

/** The picture of this name at the moment t, once that is what it draws; null where it does not come while it `goes()`. */
async function pictureAt({ store, clock, taken }, t, name, goes) {
  await clock.seek(t);
  for (let i = 0; i < PATIENCE && goes(); i += 1) {
    const found = exactOf(taken).find((each) => each.name === name);
    if (found?.exact() === t) return found;
    await store.life.painted();
  }
  return null;
}

/**
 * The GIF or the WebM of a picture at moments, at a rate of frames a second. `goes(done)` hears how many frames are done, and tells
 * whether it goes on. Resolves to null where it does not, or where a moment does not come.
 *
 * @returns {Promise<Blob | null>}
 */
export async function film(tools, { moments, name, rate, kind }, goes) {
  const { all, store, offers } = tools;
  const look = { font: getComputedStyle(all).fontFamily, colours: palette(all) };
  let made = null;
  for (const [i, t] of moments.entries()) {
    const found = await pictureAt(tools, t, name, () => goes(i));
    if (!found || !goes(i)) return null;
    const caption = captionOf(store.get(), t, { offers, link: null });
    const canvas = await drawingOf(found, caption, look).canvas(1);
    made ??= KINDS[kind](canvas.width, canvas.height, 1 / rate);
    await made.add(canvas);
  }
  return made.done();
}
