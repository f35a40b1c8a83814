// Full speed: moments are fetched as fast as they can be shown, and those that come faster than they can be painted are
// never shown.

import { FIRST_PART, partAfter } from "./pace.js";

/** `show(moment)` shows a moment, `shownTo()` is the t that is shown. */
export function createFullSpeed(store, show, shownTo) {
  let part = FIRST_PART; // of each frame, what the server trains
  let answered = 0; // when the last moment came
  let newest = null; // the moment that came last ...
  let resting = false; // ... which waits while another is being painted

  /** Show the newest moment, as long as `goes()`. */
  function release(goes) {
    if (!goes() || resting || newest.t <= shownTo()) return;
    show(newest);
    resting = true;
    store.life.frame(() =>
      store.life.later(() => {
        resting = false;
        release(goes);
      }),
    );
  }

  return {
    begin() {
      newest = null;
    },

    /** The last t that has come. */
    reached: () => Math.max(shownTo(), newest?.t ?? 0),

    /** For how many seconds the server is to train, where a frame has so many milliseconds. */
    seconds: (frame) => (part * frame) / 1000,

    /** Take a moment that has come, and train next for as much of a frame as leaves the wanted number of them a second. */
    take(moment, frame, goes) {
      const interval = performance.now() - answered;
      answered += interval;
      part = partAfter(part, frame, interval);
      if (moment.t > (newest?.t ?? -1)) newest = moment;
      release(goes);
    },
  };
}
