// The network by keyboard: while it has the focus, arrow keys go from neuron to neuron, Enter keeps one, Escape leaves.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The neuron next to one in a direction, among those that are drawn. */
function neighbour(neurons, from, [across, down]) {
  if (down) {
    const column = neurons.filter(({ layer }) => layer === from.layer);
    return column[column.findIndex(({ unit }) => unit === from.unit) + down] ?? from;
  }
  const column = neurons.filter(({ layer }) => layer === from.layer + across);
  const nearer = (best, each) => (Math.abs(each.y - from.y) < Math.abs(best.y - from.y) ? each : best);
  return column.length ? column.reduce(nearer) : from;
}

/** Let the keys move what is pointed at. `scene` gives the scene that is drawn. */
export function exploreByKeys(element, store, scene) {
  const current = () => scene()?.neurons.find(({ layer, unit }) => layer === store.get().hovered?.layer && unit === store.get().hovered?.unit);
  element.addEventListener("pointerdown", (event) => event.preventDefault()); // a click leaves the focus, and the step keys, alone
  element.addEventListener("focus", () => !current() && store.set({ hovered: scene()?.neurons.at(-1) ?? null }));
  element.addEventListener("blur", () => store.set({ hovered: null }));
  element.addEventListener("keydown", (event) => {
    const here = current() ?? scene()?.neurons.at(-1);
    if (!here) return;
    if (WAYS[event.key] && !event.shiftKey) store.set({ hovered: neighbour(scene().neurons, here, WAYS[event.key]) });
    else if (event.key === "Enter") store.set({ selected: store.get().selected === here ? null : here });
    else if (event.key === "Escape") store.set({ hovered: null, selected: null });
    else return;
    event.preventDefault();
  });
}
