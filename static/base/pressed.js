// What a finger is on stays until it is lifted, or its click would be lost.

/**
 * The work, put off while something in `root` is pressed, and done then. A click's own listeners come after: what they
 * ask for is done at once.
 */
export function unlessPressed(root, work) {
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
    addEventListener(event, () =>
      setTimeout(() => {
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
