// The network by keyboard: while it has the focus, arrow keys go from neuron to neuron, the page keys (or W, back with
// shift) through a neuron's incoming weights and its bias; Enter keeps what is reached, Escape leaves.

import { placeOf } from "../tensor/linked_highlight.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PIXELS = 50; // pixels whose weights the keys reach, of a neuron with a picture as its input

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

const strongestFirst = (one, other) => Math.abs(other.value) - Math.abs(one.value);

/** What leads into a neuron, as far as it is drawn: its weights, the strongest first, its bias or shift, its scale. */
function incoming({ lines, pictures, biases, normScales }, { layer, unit }) {
  const own = (mark) => mark.layer === layer && mark.index[0] === unit;
  const picture = layer === 1 && pictures.find(({ tensor, row }) => tensor === "W1" && row === unit);
  const pixels = picture
    ? Array.from(picture.data, (value, k) => ({ kind: "pixel", tensor: "W1", index: [unit, k], value }))
    : [];
  return [
    ...lines.filter(own).toSorted(strongestFirst),
    ...pixels.toSorted(strongestFirst).slice(0, PIXELS),
    ...biases.filter(own),
    ...normScales.filter(own),
  ];
}

/** How far a key goes through what leads into a neuron: 1, -1, or 0 if it does not; with the projector the page keys step. */
function through({ key, shiftKey }, projector) {
  if (key.toLowerCase() === "w") return shiftKey ? -1 : 1;
  return projector ? 0 : ({ PageDown: 1, PageUp: -1 }[key] ?? 0);
}

/** Let the keys move what is pointed at. `scene` gives the scene that is drawn. */
export function exploreByKeys(element, store, scene) {
  const place = (mark) => mark && placeOf(mark, scene().depth);

  /** The neuron that is pointed at, or that the weight or bias leads into. */
  function current() {
    const { hovered } = store.get();
    if (!scene() || !hovered) return undefined;
    const [layer, unit] = place(hovered).match(/\d+/g).map(Number);
    return scene().neurons.find((mark) => mark.layer === layer && mark.unit === unit);
  }

  function walk(neuron, way) {
    const marks = [neuron, ...incoming(scene(), neuron)];
    const at = marks.findIndex((mark) => place(mark) === place(store.get().hovered));
    return marks[Math.max(0, Math.min(marks.length - 1, at + way))];
  }

  element.addEventListener("pointerdown", (event) => event.preventDefault()); // a click leaves the focus, and the step keys, alone
  element.addEventListener("focus", () => !current() && store.set({ hovered: scene()?.neurons.at(-1) ?? null }));
  element.addEventListener("blur", () => store.set({ hovered: null }));
  element.addEventListener("keydown", (event) => {
    const here = current() ?? scene()?.neurons.at(-1);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const { hovered, selected, projector } = store.get();
    const way = through(event, projector);
    if (WAYS[event.key] && !event.shiftKey) store.set({ hovered: neighbour(scene().neurons, here, WAYS[event.key]) });
    else if (way) store.set({ hovered: walk(here, way) });
    else if (event.key === "Enter")
      store.set({ selected: place(selected) === place(hovered ?? here) ? null : (hovered ?? here) });
    else if (event.key === "Escape" && (hovered ?? selected)) store.set({ hovered: null, selected: null });
    else return;
    event.preventDefault();
  });
}
