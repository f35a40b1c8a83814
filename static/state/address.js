// The address bar: it always holds the experiment and t, so that a link shows the moment.

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

/** The whole address of the moment that the store shows. */
export const linkTo = ({ listing, moment }) => new URL(write(listing.experiment, moment?.t ?? 0), location.href).href;

const WAIT = { resting: 300, playing: 1000 }; // milliseconds: a change of the address costs as much as a frame

/**
 * Keep the address bar at what the store shows: at once where a run begins, a little later where it goes on. Tells when
 * the person has put another address there.
 */
export function keepAddress(store, changed) {
  let due = null;
  let begins = false; // a run of which no moment has been shown yet
  let ours = location.hash; // what stands there, unless the person has just put something else
  function put() {
    due = null;
    if (location.hash !== ours) return;
    history.replaceState(null, "", linkTo(store.get()));
    ours = location.hash;
  }
  store.on(["moment", "listing", "playing"], ({ moment, playing }) => {
    if (playing && due) return;
    clearTimeout(due);
    due = null;
    if (begins && moment) put();
    else if (moment) due = setTimeout(put, playing ? WAIT.playing : WAIT.resting);
    begins = !moment;
  });
  addEventListener("hashchange", () => {
    clearTimeout(due);
    due = null;
    ours = location.hash;
    changed(read(ours));
  });
}
