// What is written changes slower than what is drawn: nobody reads sixty texts a second.

const WAIT = 100; // milliseconds between two writings while it plays

/** The work, to be called whenever it is due: done at once, but while it plays ten times a second and once more at rest. */
export function calm(store, work) {
  let [last, timer] = [-Infinity, null];
  function now() {
    store.life.cancel(timer);
    timer = null;
    last = performance.now();
    work(store.get());
  }
  store.on(["playing"], () => timer && now());
  return () => {
    const wait = store.get().playing ? last + WAIT - performance.now() : 0;
    if (wait <= 0) now();
    else timer ??= store.life.later(now, wait);
  };
}
