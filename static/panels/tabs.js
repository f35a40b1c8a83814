// On a narrow screen the panels beside the stage become tabs under it.

/** Buttons that show one part of the page at a time, with the keys that tabs have. */
export function tabs(root, page) {
  const buttons = [...root.querySelectorAll("[role=tab]")];
  function choose(button) {
    for (const each of buttons) {
      each.setAttribute("aria-selected", String(each === button));
      each.tabIndex = each === button ? 0 : -1;
    }
    page.dataset.tab = button.dataset.tab;
    dispatchEvent(new Event("resize"));
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
