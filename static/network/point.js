// The network by pointer: what lies under it is pointed at, and a click chooses it, or no longer.

import { hit } from "./hit.js";
import { asGradient, keyOf } from "./meant.js";

/** Let the pointer over an element choose marks. `scene` gives the scene that is drawn. */
export function pointByPointer(element, store, scene) {
  function under(event) {
    const box = element.getBoundingClientRect();
    const drawn = scene();
    const mark = drawn && hit(drawn, event.clientX - box.left, event.clientY - box.top);
    return mark ? asGradient(mark) : null;
  }

  element.addEventListener("pointermove", (event) => {
    const mark = under(event);
    element.style.cursor = mark ? "pointer" : "default";
    if (keyOf(mark) !== keyOf(store.get().hovered)) store.set({ hovered: mark });
  });
  element.addEventListener("pointerleave", () => store.set({ hovered: null }));
  element.addEventListener("click", (event) => {
    const mark = under(event);
    store.set({ selected: keyOf(mark) === keyOf(store.get().selected) ? null : mark });
  });
}
