// Timers, frames, observers, and listeners on outside targets, which all end with the mount that began them.

/** Timers and frames of which none goes on after `end()`. */
function createTimers() {
  const timers = new Set();
  const frames = new Set();

  return {
    /**
     * Do the work after so many milliseconds; `cancel` takes what this returns.
     *
     * @param {(...values: any[]) => void} work
     * @param {number} [milliseconds]
     * @param {any[]} values
     * @returns {number}
     */
    later(work, milliseconds, ...values) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        work(...values);
      }, milliseconds);
      timers.add(timer);
      return timer;
    },
    /** @param {number | null} timer */
    cancel(timer) {
      timers.delete(timer);
      clearTimeout(timer);
    },
    /**
     * Do the work with the next frame; `cancelFrame` takes what this returns.
     *
     * @param {(now: number) => void} work
     * @returns {number}
     */
    frame(work) {
      const due = requestAnimationFrame((now) => {
        frames.delete(due);
        work(now);
      });
      frames.add(due);
      return due;
    },
    /** @param {number | null} due */
    cancelFrame(due) {
      frames.delete(due);
      cancelAnimationFrame(due);
    },
    end() {
      for (const timer of timers) clearTimeout(timer);
      for (const due of frames) cancelAnimationFrame(due);
    },
  };
}

/** A life. All that is begun through it ends with it; once it has ended nothing more begins. */
export function createLife() {
  const timers = createTimers();
  const ends = new Set();
  let ended = false;

  /** @type {(...given: Parameters<typeof timers.later>) => number | null} */
  const later = (...given) => (ended ? null : timers.later(...given));

  /** @type {(work: (now: number) => void) => number | null} */
  const frame = (work) => (ended ? null : timers.frame(work));

  /**
   * @param {() => void} work
   * @returns {() => void}
   */
  function atEnd(work) {
    if (ended) work();
    else ends.add(work);
    return () => ends.delete(work);
  }

  /**
   * Hear of another number of the screen's pixels in a pixel of the page, as on another screen. Returns what ends that.
   *
   * @param {() => void} heard
   */
  function sharpened(heard) {
    /** @type {MediaQueryList} */
    let query;
    function changed() {
      stop();
      hear();
      heard();
    }
    const stop = () => query.removeEventListener("change", changed);
    function hear() {
      query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
      query.addEventListener("change", changed);
    }
    hear();
    return atEnd(() => stop());
  }

  return {
    get ended() {
      return ended;
    },
    later,
    cancel: timers.cancel,
    frame,
    cancelFrame: timers.cancelFrame,
    /**
     * Resolves after so many milliseconds, unless life ends before.
     *
     * @param {number} milliseconds
     */
    pause: (milliseconds) => new Promise((go) => later(go, milliseconds)),
    /** Resolves with the next frame, unless life ends before. */
    painted: () => new Promise((go) => frame(go)),
    /**
     * Hear of events of something that may outlive this. Returns what ends it before.
     *
     * @param {EventTarget} target
     * @param {string} type
     * @param {(event: any) => void} listener
     * @param {AddEventListenerOptions | boolean} [options]
     */
    listen(target, type, listener, options) {
      if (ended) return () => {};
      target.addEventListener(type, listener, options);
      const stop = () => target.removeEventListener(type, listener, options);
      const forget = atEnd(stop);
      return () => {
        forget();
        stop();
      };
    },
    sharpened,
    /**
     * Hear of another size of an element, in pixels of the page or of the screen, and of its first one.
     *
     * @param {ResizeObserverCallback} listener
     * @param {Element[]} elements
     */
    resized(listener, ...elements) {
      const observer = new ResizeObserver(listener);
      function observe() {
        observer.disconnect();
        for (const element of elements) observer.observe(element); // which tells of each once more
      }
      observe();
      sharpened(observe);
      atEnd(() => observer.disconnect());
    },
    /** Have work done when life ends. Returns what gives that up. */
    atEnd,
    end() {
      ended = true;
      timers.end();
      for (const work of ends) work();
      ends.clear();
    },
  };
}
