// Pointing at a surface: by the pointer, and by keys for those who have none.

const NEAR = 14; // pixels from a point of a path
const STEP = 1 / 40; // of the extent, for an arrow key
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/** The coordinates of a place, kept in the extent that is seen. */
const within = ({ low, high }, coordinates) =>
  coordinates.map((each, axis) => Math.max(low[axis], Math.min(high[axis], each)));

/**
 * Hear of what is pointed at on `canvas`. `pointed(point)` hears of each place, with the point of a path that is near it or
 * null; `go(point)` of one that is pressed. `here()` are the coordinates where keys begin.
 */
export function listenToPointing(canvas, { drawing, measured, here, nearer, fit, go, pointed }) {
  function point(coordinates, place, reach = NEAR) {
    drawing.point(coordinates);
    const near = coordinates && place ? drawing.pointAt(place, measured(), reach) : null;
    canvas.style.cursor = near ? "pointer" : "crosshair";
    pointed(near);
    return near;
  }

  const placeOf = ({ offsetX, offsetY }) => /** @type {[number, number]} */ ([offsetX, offsetY]);
  const pointAt = (event) => {
    if (!measured()) return null;
    const place = placeOf(event);
    return point(drawing.pointedAt(place, measured()), place);
  };
  canvas.addEventListener("pointermove", pointAt);
  canvas.addEventListener("pointerleave", () => measured() && point(null, null));
  canvas.addEventListener("click", (event) => go(pointAt(event)));
  canvas.addEventListener("blur", () => measured() && point(null, null));

  /** What a key does; undefined where it is none of this canvas. */
  function act({ key }) {
    if (key in WAYS) {
      const { low, high } = measured().extent;
      const from = drawing.pointer() ?? here();
      const to = within(
        measured().extent,
        from.map((each, axis) => each + WAYS[key][axis] * STEP * (high[axis] - low[axis])),
      ); // prettier-ignore
      return () => point(to, drawing.placeOf(to, measured()));
    }
    if (key === "Enter")
      return () => go(drawing.pointAt(drawing.placeOf(drawing.pointer() ?? here(), measured()), measured(), Infinity));
    if (key === "+" || key === "=") return () => nearer(2);
    if (key === "-") return () => nearer(1 / 2);
    if (key === "0") return fit;
    if (key === "Escape" && drawing.pointer()) return () => point(null, null);
    return undefined;
  }
  canvas.addEventListener("keydown", (event) => {
    if (!measured() || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = act(event);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    done();
  });
}
