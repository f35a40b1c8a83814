// Tabs: buttons that show one thing at a time, with the keys that tabs have.

/**
 * Set up the tabs in `root`: the store's value of `key` is the name of the one in front. `front(name)` is called when
 * that is another, and at first.
 */
export function tabs(root, store, key, front) {
  const buttons = [...root.querySelectorAll("[role=tab]")];
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
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
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
