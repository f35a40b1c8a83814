// The right rail: its upper panels can be folded away, and all of it made wide, for what the inspector shows.

/** Set up the rail in `root`, whose width `page` gives. */
export function sidePanel(root, page) {
  for (const button of root.querySelectorAll("[data-control=fold]")) {
    button.addEventListener("click", () => {
      const folded = button.closest("section").classList.toggle("folded");
      button.setAttribute("aria-expanded", String(!folded));
    });
  }
  const wide = root.querySelector("[data-control=wide]");
  wide.addEventListener("click", () => {
    const wider = page.dataset.wide !== "true";
    page.dataset.wide = String(wider);
    wide.setAttribute("aria-pressed", String(wider));
  });
}
