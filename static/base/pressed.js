// What a finger is on stays until it is lifted, or its click would be lost.

/**
 * The work, put off while something in `root` is pressed, and done then. A click's own listeners come after: what they
 * ask for is done at once. `presses` is where every press ends, wherever it began; `life` that of the work.
 */
export function unlessPressed(root, { life, presses }, work) {
  let [pressed, late] = [false, false];
  root.addEventListener("pointerdown", () => {
    pressed = true;
  });
  root.addEventListener(
    "click",
    () => {
      pressed = false;
    },
    true,
  );
  for (const event of ["pointerup", "pointercancel"]) {
    life.listen(presses, event, () =>
      life.later(() => {
        pressed = false;
        if (late) now();
      }),
    );
  }
  function now() {
    late = pressed;
    if (!pressed) work();
  }
  return now;
}
