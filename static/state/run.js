// This page's run at the server. What is asked about it waits while it is begun, begun again, or changed.

/** `there()` promises that the server has the run as the page has it; it rejects with why the run cannot go on. */
export function createRun(connection) {
  let there = Promise.resolve();

  /** Do work that nothing may come between; where it fails, the run is what it was. */
  function alone(work) {
    const before = there;
    const done = work(before);
    there = done.then(
      () => {},
      () => before,
    );
    there.catch(() => {}); // whoever waits for it hears of it
    return done;
  }

  return {
    there: () => there,

    /** Begin another run by `work(request)`: it does not matter whether the one before can go on. */
    begin: (work) =>
      alone(async (before) => {
        await before.catch(() => {});
        await work(connection.request);
      }),

    /** Change the run by `work(request)`. */
    change: (work) =>
      alone(async (before) => {
        await before;
        await work(connection.request);
      }),

    /** Begin the run again by `work(request)`, at a server that has lost it; where that fails, it cannot go on. */
    again(work) {
      there = work(connection.request);
      return there;
    },
  };
}
