// Keeps the address at the scene that is shown, and opens the scene of an address that a person goes to.

import { addressOf, sceneAt } from "./address.js";
import { FORMAT } from "./format.js";
import { viewOf } from "./view.js";

const WAIT = { resting: 300, playing: 1000 }; // milliseconds: a change of the address costs as much as a frame

/** The scene that the store's values make, with all of its view; null before there is a run. */
export const sceneOf = (/** @type {any} */ state, keys) =>
  state.listing && {
    format: FORMAT,
    experiment: state.listing.experiment,
    t: state.moment?.t ?? 0,
    view: viewOf(state, keys),
  };

/**
 * Keep `address` at what the store shows: at once where a run begins, a little later where it goes on. The address is
 * {get() -> {href, kept}, put(href, kept, anew), moved(listener)}: `kept` is what the browser keeps beside it, `anew`
 * makes an entry of its own that one can come back to. `open(scene)` opens what a person goes to.
 *
 * Returns {linked, link, leave, stay}: `linked()` is the scene that the address asks for, or null; `link(changed)` the whole
 * address of what is shown, {href, kept}, or of what `changed` makes of that scene; `leave(by)` says that what comes next is an entry of its own, one for all that
 * comes quickly by the same name, and `stay()` that it does not come.
 */
export function keepScene(store, { offers, languages, address }, open) {
  const { keys, life } = store;
  let due = null;
  let begins = false; // a run of which no moment has been shown yet
  let anew = null; // the reason for the next entry of the history, where one is to be made
  let opening = null; // the scene that is being opened: the address is not its own until it is shown
  let ours = address.get().href; // what stands there, unless the person has just put something else
  let lacking = false; // whether it has no room for all

  const linked = () => sceneAt(address.get(), { keys, offers, state: { ...store.get(), languages } });
  const link = (changed = (scene) => scene) =>
    addressOf(changed(sceneOf(store.get(), keys)), { keys, offers, href: address.get().href });

  function put() {
    life.cancel(due);
    due = null;
    if (opening || address.get().href !== ours) return;
    const { href, kept } = link();
    address.put(href, kept, Boolean(anew) && href !== ours);
    anew = null;
    ours = address.get().href;
    if (kept && !lacking) store.set({ notice: { text: "scene.too_long" } });
    lacking = Boolean(kept);
  }

  const fields = Object.keys(keys).filter((name) => keys[name].linked);
  store.on(["moment", "listing", "playing", ...fields], ({ moment, playing }) => {
    if (playing && due) return;
    life.cancel(due);
    due = null;
    if (begins && moment) put();
    else if (moment) due = life.later(put, playing ? WAIT.playing : WAIT.resting);
    begins = !moment;
  });

  async function moved() {
    life.cancel(due);
    due = null;
    anew = null;
    ours = address.get().href;
    const scene = linked();
    if (!scene) return;
    opening = scene;
    const opened = await open(scene);
    if (opening !== scene) return;
    opening = null;
    if (opened) put();
  }
  life.atEnd(address.moved(moved));

  return {
    linked,
    link,
    leave(by = {}) {
      if (anew === by || !store.get().moment) return;
      put();
      anew = by;
    },
    stay() {
      anew = null;
    },
  };
}
