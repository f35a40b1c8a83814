// The address: it always holds the experiment and t, so that a link shows the moment.

/** The experiment and t of an address's fragment, or null if it holds none. */
export function read(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  if (!fields.has("experiment")) return null;
  const t = Number(fields.get("t") ?? 0);
  try {
    return { experiment: JSON.parse(fields.get("experiment")), t: Number.isSafeInteger(t) && t >= 0 ? t : 0 };
  } catch {
    return { experiment: fields.get("experiment"), t: 0 };
  }
}

/** The fragment that holds an experiment and t. */
function write(experiment, t) {
  return `#t=${t}&experiment=${encodeURIComponent(JSON.stringify(experiment))}`;
}

/** The fragment of the moment that the store shows. */
export const fragmentOf = ({ listing, moment }) => write(listing.experiment, moment?.t ?? 0);

const WAIT = { resting: 300, playing: 1000 }; // milliseconds: a change of the address costs as much as a frame

/**
 * Keep an address at what the store shows: at once where a run begins, a little later where it goes on. Tells when the
 * person has put another address there. `address` has {read, write, heard} for its fragment.
 */
export function keepAddress(store, address, changed) {
  const { life } = store;
  let due = null;
  let begins = false; // a run of which no moment has been shown yet
  let ours = address.read(); // what stands there, unless the person has just put something else
  function put() {
    due = null;
    if (address.read() !== ours) return;
    address.write(fragmentOf(store.get()));
    ours = address.read();
  }
  store.on(["moment", "listing", "playing"], ({ moment, playing }) => {
    if (playing && due) return;
    life.cancel(due);
    due = null;
    if (begins && moment) put();
    else if (moment) due = life.later(put, playing ? WAIT.playing : WAIT.resting);
    begins = !moment;
  });
  const stop = address.heard(() => {
    life.cancel(due);
    due = null;
    ours = address.read();
    changed(read(ours));
  });
  life.atEnd(stop);
}
