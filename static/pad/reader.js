// Asks what the network reads on the pad: one question at a time, and again when the pad or the moment is another.

const [PLAYING_WAIT, REST] = [100, 6]; // milliseconds between two questions while playing, and times what the last one took

/** The frame of an answer as a reading: {t, tensors, facts, output, best}, with the outputs and which is the largest. */
function readingOf({ t, tensors, facts }, depth) {
  const output = tensors.get(`a${depth}`).data;
  return { t, tensors, facts, depth, output, best: facts.best };
}

/**
 * A reader: `update()` has `fields()` asked as soon as the last question is answered, and `read(reading)` called with the
 * answer. Where the fields are null there is nothing to read, and so where nothing has come back: then it is null.
 */
export function createReader(store, ask, { fields, read }) {
  let busy = false;
  let stale = false;

  async function once(asked) {
    const answer = await ask({ question: "read", ...asked }, { of: "run" });
    if (!answer?.found) return;
    const nothing = !fields() || !answer.found.tensors.has("a0");
    read(nothing ? null : readingOf(answer.found, store.get().listing.sizes.length - 1));
  }

  async function update() {
    stale = true;
    if (busy) return;
    busy = true;
    while (stale) {
      stale = false;
      const [asked, began] = [store.get().moment && fields(), performance.now()];
      if (!asked) {
        read(null);
        continue;
      }
      await once(asked);
      if (store.get().playing) await store.life.pause(Math.max(PLAYING_WAIT, REST * (performance.now() - began)));
    }
    busy = false;
  }

  return { update };
}
