// From region to region by keys: links that skip to the main ones, and F6, back with shift.

const REGIONS = [
  "header",
  "lessons",
  "glossary",
  "experiment",
  "network",
  "transport",
  "loss",
  "plane",
  "pad",
  "inspector",
];

/** Give a region the focus, which it can have as long as it has it. */
function enter(region) {
  region.tabIndex = -1;
  region.addEventListener("blur", () => region.removeAttribute("tabindex"), { once: true });
  region.focus();
}

/** Set up the links in `root`, of the mount `all`. Beyond the last region, and before the first, F6 is the browser's. */
function mount(root, { all, store, host: { keys } }) {
  const region = (/** @type {string} */ name) => all.querySelector(`[data-region="${name}"]`);

  for (const button of root.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const to = region(button.dataset.skip);
      if (!to.checkVisibility()) store.set({ tab: "side" }); // where the panels are tabs
      enter(to);
    });
  }

  store.life.listen(keys, "keydown", (event) => {
    if (event.key !== "F6" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = REGIONS.map(region).filter((each) => each.checkVisibility());
    const here = shown.findIndex((each) => each.contains(root.ownerDocument.activeElement));
    const next = event.shiftKey ? (here < 0 ? shown.length : here) - 1 : here + 1;
    if (!shown[next]) return;
    enter(shown[next]);
    event.preventDefault();
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const regions = { name: "regions", slot: "regions", mount };
