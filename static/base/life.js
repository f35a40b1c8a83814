// What must not outlive the thing that began it: timers, frames, observers, and listeners on what lies outside of it.

/** A life. All that is begun through it ends with it; once it has ended nothing more begins. */
export function createLife() {
  const timers = new Set();
  const frames = new Set();
  const ends = new Set();
  let ended = false;

  /**
   * @param {(...values: any[]) => void} work
   * @param {number} [milliseconds]
   * @param {any[]} values
   * @returns {number | null}
   */
  function later(work, milliseconds, ...values) {
    if (ended) return null;
    const timer = setTimeout(() => {
      timers.delete(timer);
      work(...values);
    }, milliseconds);
    timers.add(timer);
    return timer;
  }

  /**
   * @param {(now: number) => void} work
   * @returns {number | null}
   */
  function frame(work) {
    if (ended) return null;
    const due = requestAnimationFrame((now) => {
      frames.delete(due);
      work(now);
    });
    frames.add(due);
    return due;
  }

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
    /** Do the work after so many milliseconds; `cancel` takes what this returns. */
    later,
    /** @param {number | null} timer */
    cancel(timer) {
      timers.delete(timer);
      clearTimeout(timer);
    },
    /** Do the work with the next frame; `cancelFrame` takes what this returns. */
    frame,
    /** @param {number | null} due */
    cancelFrame(due) {
      frames.delete(due);
      cancelAnimationFrame(due);
    },
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
      for (const timer of timers) clearTimeout(timer);
      for (const due of frames) cancelAnimationFrame(due);
      for (const work of ends) work();
      for (const each of [timers, frames, ends]) each.clear();
    },
  };
}
