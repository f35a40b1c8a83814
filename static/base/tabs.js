// Tabs: buttons that show one thing at a time, with the keys that tabs have.

/** @import { Store } from "./types.js" */

/** @type {Record<string, number>} */
const WAYS = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * Set up the tabs in `root`: the store's value of `key` is the name of the one in front. `front(name)` is called when
 * that is another, and at first.
 *
 * @param {Element} root
 * @param {Store} store
 * @param {string} key
 * @param {(name: string) => void} front
 */
export function tabs(root, store, key, front) {
  /** @type {NodeListOf<HTMLElement>} */
  const found = root.querySelectorAll("[role=tab]");
  const buttons = [...found];
  /** @param {HTMLElement} button */
  const choose = (button) => store.set({ [key]: button.dataset.tab });

  function show() {
    const name = store.get()[key];
    for (const each of buttons) {
      const chosen = each.dataset.tab === name;
      each.ariaSelected = String(chosen);
      each.tabIndex = chosen ? 0 : -1;
    }
    front(name);
  }

  for (const button of buttons) {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const next = buttons[(buttons.indexOf(button) + way + buttons.length) % buttons.length];
      choose(next);
      next.focus();
    });
  }
  store.on([key], show);
  show();
}
