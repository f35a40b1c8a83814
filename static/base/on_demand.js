// A feature whose panel is a module of its own, which is fetched when the panel is first shown.

import { make } from "./dom.js";
import { speak } from "./later_words.js";
import { apply, say } from "./words.js";

/** @import { Feature, Shown } from "./feature.js" */

/**
 * What stands for such a feature before its panel is there, and afterwards: `show` and what can be read are the panel's.
 *
 * `expect()` has the panel fetched, as it may be shown soon. `whole()` resolves to what its `mount` returns, or to null
 * where it could not be fetched; this is told, and the next call tries again.
 *
 * @typedef {Required<Shown> & {expect: () => void, whole: () => Promise<Shown & Record<string, any> | null>}} OnDemand
 */

/**
 * Have a feature's panel fetched and mounted in `root` when it is first shown, or when the store's values want it. What is
 * shown before it is wanted has its word for it.
 *
 * @param {Feature} feature
 * @param {HTMLElement} root
 * @param {any} tools
 * @returns {OnDemand}
 */
export function onDemand({ load, style = [], speaks, watches, wanted, empty }, root, tools) {
  const { store } = tools;
  /** @type {Shown & Record<string, any> | null} */
  let panel = null;
  /** @type {Promise<typeof panel> | null} */
  let coming = null;
  /** @type {[any, any?] | null} */
  let given = null; // what is to be shown

  async function come() {
    const [found, spoken] = await Promise.all([
      load().catch(() => {}), // the server is away, or has become another
      !speaks || speak(speaks, tools),
    ]);
    if (found && !store.life.ended) await Promise.all([style].flat().map((each) => tools.host.sheet(each)));
    coming = null;
    if (!found || !spoken || store.life.ended) return null;
    if (empty) root.replaceChildren();
    panel = store.join(() => found.mount(root, tools));
    apply(store.get().words, root);
    if (given) panel.show?.(...given);
    return panel;
  }

  const fetch = async () => panel ?? (coming ??= come());

  async function whole() {
    const found = await fetch();
    if (!found && !store.life.ended) store.set({ notice: { text: "panel.lost" } });
    return found;
  }

  /** @param {any} state */
  function waiting({ words }) {
    const text = say(words, empty);
    if (root.textContent !== text) root.replaceChildren(make("p", { className: "quiet", textContent: text }));
  }

  /** @param {any} state */
  function want(state) {
    if (panel || !wanted?.(state)) return;
    if (state.connected === false)
      fetch(); // it is told already that there is no line; with the next one this comes by itself
    else whole();
  }

  if (wanted) store.on([...watches, "connected"], want);
  return {
    show(...now) {
      const first = !given;
      given = now;
      if (panel) panel.show?.(...now);
      else if (empty) waiting(now[0]);
      else if (first) whole();
    },
    marks: (state) => panel?.marks?.(state) ?? [],
    pictures: (state) => panel?.pictures?.(state) ?? [],
    tables: (state) => panel?.tables?.(state) ?? [],
    expect: fetch,
    whole,
  };
}

/**
 * Put a feature into its root, with its panel or with what stands for it.
 *
 * @param {Feature} feature
 * @param {HTMLElement} root
 * @param {any} tools
 * @returns {Shown & Record<string, any>}
 */
export const putIn = (feature, root, tools) =>
  feature.load ? onDemand(feature, root, tools) : feature.mount(root, tools);
