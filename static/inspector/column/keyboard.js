// The column by keyboard: while the list has the focus, the keys go from row to row, and Enter or space chooses one.

/**
 * Let the keys move in a list. `position()` is where they are, -1 before they have been anywhere; `first()` where they
 * begin; `go(position)` moves them, `choose()` chooses the row that they are at, and `leave()` ends it.
 */
export function moveByKeys(element, { position, first, page, last, go, choose, leave }) {
  const ways = {
    ArrowUp: (at) => at - 1,
    ArrowDown: (at) => at + 1,
    PageUp: (at) => at - page(),
    PageDown: (at) => at + page(),
    Home: () => 0,
    End: last,
  };
  const here = () => (position() < 0 ? first() : position());
  element.addEventListener("focus", () => element.matches(":focus-visible") && go(here()));
  element.addEventListener("blur", leave);
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (ways[event.key]) go(position() < 0 ? first() : Math.max(0, Math.min(last(), ways[event.key](position()))));
    else if ((event.key === "Enter" || event.key === " ") && position() >= 0) choose();
    else return;
    event.preventDefault();
  });
}
