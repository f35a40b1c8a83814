// Tabs: buttons that show one thing at a time, with the keys that tabs have.

/** @type {Record<string, number>} */
const WAYS = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * Set up the tabs in `root`. `chosen(name)` is called when one is, and at first.
 *
 * @param {Element} root
 * @param {(name: string) => void} chosen
 */
export function tabs(root, chosen) {
  /** @type {NodeListOf<HTMLElement>} */
  const found = root.querySelectorAll("[role=tab]");
  const buttons = [...found];
  /** @param {HTMLElement} button */
  function choose(button) {
    if (button.ariaSelected !== "true") mark(button);
    chosen(button.dataset.tab ?? "");
  }
  /** @param {HTMLElement} button */
  function mark(button) {
    for (const each of buttons) {
      each.ariaSelected = String(each === button);
      each.tabIndex = each === button ? 0 : -1;
    }
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
  choose(buttons[0]);
  return {
    /** @param {string} name */
    open(name) {
      const button = buttons.find(({ dataset }) => dataset.tab === name);
      if (button) choose(button);
    },
  };
}
