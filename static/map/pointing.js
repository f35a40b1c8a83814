// Pointing at the runs of a map: by the pointer, and by keys for those who have none.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/** A cell moved by so many columns and rows, within the map. */
const moved = ({ column, row }, [across, up], side) => {
  const within = (/** @type {number} */ place) => Math.max(0, Math.min(side - 1, place));
  return { column: within(column + across), row: within(row + up) };
};

/**
 * Hear of the cell that is pointed at on `canvas`: `pointed(cell)` or null, and `open(cell)` of one that is chosen.
 * `cellAt([x, y])` is the cell at a place, `now()` the one that is pointed at or null, and `side()` how many cells a side
 * has; null where there is no map. A finger points with its first touch and opens with the second.
 */
export function listenToPointing(canvas, { cellAt, now, side, pointed, open }) {
  const here = () => now() ?? { column: side() / 2, row: side() / 2 };
  const at = ({ offsetX, offsetY }) => (side() ? cellAt([offsetX, offsetY]) : null);
  const byFinger = (/** @type {any} */ { pointerType }) => pointerType === "touch";
  canvas.addEventListener("pointermove", (event) => byFinger(event) || pointed(at(event)));
  canvas.addEventListener("pointerleave", (event) => byFinger(event) || pointed(null));
  canvas.addEventListener("blur", () => pointed(null));
  canvas.addEventListener("click", (event) => {
    const cell = at(event);
    const known = now();
    if (byFinger(event) && !(known && cell?.column === known.column && cell.row === known.row)) pointed(cell);
    else if (cell) open(cell);
  });

  /** What a key does; undefined where it is none of this canvas. */
  function act({ key, shiftKey }) {
    if (key in WAYS) {
      const far = shiftKey ? side() / 8 : 1;
      return () =>
        pointed(
          moved(
            here(),
            WAYS[key].map((/** @type {number} */ each) => each * far),
            side(),
          ),
        ); // prettier-ignore
    }
    if (key === "Enter") return () => open(here());
    if (key === "Escape" && now()) return () => pointed(null);
    return undefined;
  }
  canvas.addEventListener("keydown", (event) => {
    if (!side() || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = act(event);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    done();
  });
}
