// Column: the gradient, or the update, as one long list of all parameters, in order or the biggest first.

import { ARROWS } from "../../network/arrows.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { moveByKeys } from "./keyboard.js";
import { createList } from "./list.js";
import { createParts, offerJumps, widen } from "./parts.js";
import { moveByPointer } from "./pointer.js";
import { createRows } from "./rows.js";
import { createSearch } from "./search.js";
import { label, tell } from "./words.js";

/** Let pointer and keys light and choose parameters in the rows; `go(place)` has the keys at a place. */
function moveIn(rows, list, store, go) {
  const { length, placeIn, positionOf } = list;
  const { at } = rows;
  const light = (place) => store.set({ lit: place === null ? [] : [list.markAt(place)] });

  function choose(place) {
    at.active = place;
    store.set({ selected: place === at.chosen ? null : { kind: "parameter", ...list.markAt(place) } });
    rows.paint();
  }

  moveByPointer(rows.element, {
    light: (position) => light(position === null ? null : placeIn(position)),
    choose: (position) => choose(placeIn(position)),
  });
  moveByKeys(rows.element, {
    position: () => (at.active === null ? -1 : positionOf(at.active)),
    first: () => (at.chosen !== null && positionOf(at.chosen) >= 0 ? positionOf(at.chosen) : rows.first()),
    page: () => rows.whole() - 1,
    last: () => length() - 1,
    go: (position) => {
      go(placeIn(position));
      light(at.active);
    },
    choose: () => choose(at.active),
    leave: () => light(null),
  });
}

/** Whether the column shows updates of an optimizer that divides gradients by their usual size. */
function dividesBySize({ arrows, listing, moment }, { optimizers }) {
  const { optimizer } = locate(listing, moment.t).segment.experiment;
  return arrows === "update" && optimizers[optimizer.name].divides;
}

export function mount(root, { store, choices, named }) {
  const list = createList();
  const rows = createRows(store, list, named);
  const { at } = rows;
  const view = createParts(rows.element);
  root.append(...view.all);
  let [words, structure] = [null, null];
  let biggest = false; // whether these come first
  let painted = "";

  const { positionOf } = list;
  const search = createSearch(view.field, store.life, {
    find: (typed) => list.find(typed, (layer) => say(words, "layer", { layer })),
    show: narrow,
    go: (place) => goAmongAll(place),
    told: speak,
    enter: () => rows.element.focus(),
    sought: (typed) => store.set({ sought: typed }),
  });

  function speak() {
    const state = store.get();
    if (!state.moment) return; // a run that has just begun has none yet
    tell(state, view, { ...list.contents(), missed: search.missed(), divides: dividesBySize(state, choices) });
  }

  /** Show a part of the column, or all of it, from its beginning. */
  function narrow(range) {
    list.narrow(range);
    speak();
    rows.paint();
    rows.reveal(0, true);
  }

  /** Have the keys at a place, and its row in sight; all of the column is shown where it is not in the part that is. */
  function go(place, toTop = false) {
    if (positionOf(place) < 0) {
      search.clear();
      list.narrow(null);
    }
    at.active = place;
    speak();
    rows.paint();
    rows.reveal(positionOf(place), toTop);
  }

  function goAmongAll(place) {
    list.narrow(null);
    go(place, true);
  }

  function build(listing, segment) {
    structure = segment;
    list.begin(listing.sizes, segment.experiment.layers);
    const { parts } = list.contents();
    at.active = null;
    widen(root, parts);
    offerJumps(view.jumps, parts, (part) => {
      search.clear();
      list.narrow(null);
      go(list.firstOf(part), true); // in the order that there is
    });
  }

  function show(state, answer) {
    const { moment, listing, selected, hovered } = state;
    if (!moment || !listing) return;
    if (words !== state.words) label((words = state.words), view);
    const { segment } = locate(listing, moment.t);
    const built = segment !== structure;
    if (built) build(listing, segment);
    const fresh = list.take(answer?.found.tensors ?? null, ARROWS[state.arrows]);
    search.put(state.sought, built);
    rows.element.setAttribute("aria-busy", String(answer?.t !== moment.t));
    const mark = list.placeOf(selected);
    const elsewhere = mark !== at.chosen && mark !== null && mark !== at.active;
    at.chosen = mark;
    const { there, due } = list.contents();
    const look = [words["language.code"], mark, list.placeOf(hovered), there && due.length ? moment.t : ""].join();
    if (fresh || look !== painted) {
      painted = look;
      speak();
      rows.paint();
    }
    if (biggest !== state.biggest) turn(state.biggest);
    if (elsewhere) go(mark);
  }

  function turn(first) {
    list.turn((biggest = first));
    view.biggest.setAttribute("aria-pressed", String(biggest));
    rows.paint();
    rows.reveal(biggest || at.active === null ? 0 : positionOf(at.active), true);
  }

  moveIn(rows, list, store, go);
  view.biggest.addEventListener("click", () => store.set({ biggest: !store.get().biggest }));
  return { show };
}
