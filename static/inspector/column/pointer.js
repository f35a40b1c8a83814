// The column by pointer: the row that is pointed at lights its parameter, the one that is clicked is chosen.

/** `light(position)` is called when another row is pointed at, or with null when none is; `choose(position)` on a click. */
export function moveByPointer(element, { light, choose }) {
  let last = null;
  const under = ({ target }) => target.closest(".entry")?.position ?? null;

  function point(position) {
    if (position !== last) light(position);
    last = position;
  }

  element.addEventListener("pointermove", (event) => point(under(event)));
  element.addEventListener("pointerleave", () => point(null));
  element.addEventListener("click", (event) => {
    if (under(event) !== null) choose(under(event));
  });
}
