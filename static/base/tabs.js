// Tabs: buttons that show one thing at a time, with the keys that tabs have.

/** Set up the tabs in `root`. `chosen(name)` is called when one is, and at first. */
export function tabs(root, chosen) {
  const buttons = [...root.querySelectorAll("[role=tab]")];
  function choose(button) {
    if (button.ariaSelected !== "true") mark(button);
    chosen(button.dataset.tab);
  }
  function mark(button) {
    for (const each of buttons) {
      each.ariaSelected = String(each === button);
      each.tabIndex = each === button ? 0 : -1;
    }
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
  choose(buttons[0]);
  return { open: (name) => choose(buttons.find(({ dataset }) => dataset.tab === name)) };
}
