// Dragging, by a slider or in a drawing: where to, as a share from −1 to 1, and when it is let go.

const STEPS = 100; // of the slider, to each side
const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);

/**
 * Have a slider and a drawing drag. `moved(share, byKeys)` is called on the way, `released(share)` where it is let go:
 * by lifting the pointer, or after moving it with keys by Enter or by leaving the slider; `givenUp()` by Escape.
 */
export function makeDraggable({ slider, drawing, shareAt, moved, released, givenUp }) {
  Object.assign(slider, { min: -STEPS, max: STEPS, step: 1, value: 0 });
  let share = null; // where it is dragged to, or null
  let byKeys = false;

  function move(to) {
    share = to;
    slider.value = Math.round(to * STEPS);
    moved(to, byKeys);
  }

  function end(how) {
    if (share === null) return;
    const last = share;
    share = null;
    slider.value = 0;
    how(last);
  }

  slider.addEventListener("input", () => move(Number(slider.value) / STEPS));
  slider.addEventListener("pointerdown", () => (byKeys = false));
  slider.addEventListener("change", () => byKeys || end(released));
  slider.addEventListener("blur", () => end(released));
  slider.addEventListener("keydown", (event) => {
    if (KEYS.has(event.key)) byKeys = true;
    else if (event.key === "Enter") end(released);
    else if (event.key === "Escape") end(givenUp);
    else return;
    event.stopPropagation(); // or the arrows would step through the run
  });

  drawing.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    drawing.setPointerCapture(event.pointerId);
    byKeys = false;
    move(shareAt(event.clientX));
  });
  drawing.addEventListener(
    "pointermove",
    (event) => drawing.hasPointerCapture(event.pointerId) && move(shareAt(event.clientX)),
  );
  drawing.addEventListener("pointerup", () => end(released));
  drawing.addEventListener("pointercancel", () => end(givenUp));
  return { stop: () => end(givenUp) };
}
