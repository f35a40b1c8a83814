// Asking the server about the moment that is shown: soon once it rests, and while it plays so that training goes on.

/**
 * Ask again whenever the store's moment is another. `question(full)` asks and keeps the answer; `full` at rest.
 * `waits()` gives the milliseconds: `resting` for how long a moment must have stayed, `playing` the least between two
 * questions, and `rest`: while playing, to wait at least so many times what the last answer took.
 */
export function keepAsking(store, question, waits) {
  let busy = false;
  let timer = null;
  let last = 0;
  let took = 0;

  async function ask(full) {
    const { moment } = store.get();
    if (busy || !moment) return;
    busy = true;
    const began = performance.now();
    await question(full).finally(() => {
      busy = false;
    });
    last = performance.now();
    took = last - began;
    const { moment: latest, playing } = store.get();
    if (latest?.t !== moment.t || (!full && !playing)) plan();
  }

  function plan() {
    store.life.cancel(timer);
    const { playing: least, resting, rest } = waits();
    if (store.get().playing)
      timer = store.life.later(ask, Math.max(0, last + Math.max(least, rest * took) - performance.now()), false);
    else timer = store.life.later(ask, resting, true);
  }

  store.on(["moment"], ({ moment, playing }) => moment && !(playing && busy) && plan());
  store.on(["playing"], plan);
}
