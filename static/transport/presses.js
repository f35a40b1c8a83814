// Presses on the transport: those that come while a run is being begun are kept until its first moment is shown.

/**
 * `press(work, playsOn)` does the work, or keeps it until there is a run; `playsOn` tells whether that plays after it.
 * `plays()` tells whether the run plays, or will play once all that is kept is done; `kept` is called when that changes.
 */
export function createPresses(store, kept) {
  let waiting = [];
  const isThere = ({ beginning, moment }) => !beginning && moment !== null;

  function press(work, playsOn) {
    if (isThere(store.get())) {
      work();
      return;
    }
    waiting.push({ work, playsOn });
    kept();
  }

  function plays() {
    if (isThere(store.get())) return store.get().playing;
    return waiting.at(-1)?.playsOn ?? false; // a run that begins is at rest
  }

  store.on(["beginning", "moment"], (state) => {
    if (!isThere(state)) return;
    const presses = waiting;
    waiting = [];
    for (const { work } of presses) work();
  });
  store.on(["beginning"], () => kept());
  return { press, plays };
}
