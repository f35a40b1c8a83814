// Column: the gradient, or the update, as one long list of all parameters, in order or the biggest first.

import { ARROWS } from "../../network/arrows.js";
import { createVirtualList } from "../../base/virtual_list.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { moveByKeys } from "./keys.js";
import { createList } from "./list.js";
import { createParts, offerJumps, widen } from "./parts.js";
import { moveByPointer } from "./pointer.js";
import { createRow, fillRow } from "./row.js";
import { createSearch } from "./search.js";
import { dueOf, label, tell } from "./words.js";
import { flag } from "../../base/codecs.js";
import { ofView } from "../../base/keys.js";

const question = (state) => ({ question: "column", updates: state.arrows === "update" });

function mount(root, { store, named }) {
  const rows = createVirtualList({ life: store.life, create: createRow, fill, moved: tellActive });
  const view = createParts(rows.element);
  root.append(...view.all);
  let [words, structure] = [null, null];
  const list = createList();
  let active = null; // the place that the keys are at ...
  let chosen = null; // ... and the one that is selected
  let biggest = false; // whether these come first
  let painted = "";

  const { length, placeIn, positionOf } = list;
  const light = (place) => store.set({ lit: place === null ? [] : [list.markAt(place)] });
  const search = createSearch(view.field, store.life, {
    find: (text) => list.find(text, (layer) => say(words, "layer", { layer })),
    show: narrow,
    go: goAmongAll,
    told: speak,
    enter: () => rows.element.focus(),
  });

  function fill(row, position) {
    const state = store.get();
    const found = list.rowAt(position);
    const { place, value, tensor } = found;
    const title = value === undefined && state.moment ? say(words, "matrix.due", dueOf(state, [tensor])) : "";
    fillRow(row, {
      ...found,
      id: named(`column-${position}`),
      title,
      active: place === active,
      chosen: place === chosen,
      lit: place === list.placeOf(state.hovered),
    });
  }

  /** The place that the keys are at is told to screen readers while its row is there. */
  function tellActive() {
    const row = active === null ? null : rows.rowAt(positionOf(active));
    if (row) rows.element.setAttribute("aria-activedescendant", row.id);
    else rows.element.removeAttribute("aria-activedescendant");
  }

  function speak() {
    tell(store.get(), view, { ...list.contents(), missed: search.missed() });
  }

  function paint() {
    rows.show(length());
    tellActive();
  }

  /** Show a part of the column, or all of it, from its beginning. */
  function narrow(range) {
    list.narrow(range);
    speak();
    paint();
    rows.reveal(0, true);
  }

  /** Have the keys at a place, and its row in sight; all of the column is shown where it is not in the part that is. */
  function go(place, toTop = false) {
    if (positionOf(place) < 0) {
      search.clear();
      list.narrow(null);
    }
    active = place;
    speak();
    paint();
    rows.reveal(positionOf(place), toTop);
    tellActive();
  }

  function goAmongAll(place) {
    list.narrow(null);
    go(place, true);
  }

  /** Go to the first row of a tensor, in the order that there is. */
  function jumpTo(part) {
    search.clear();
    list.narrow(null);
    go(list.firstOf(part), true);
  }

  function build(listing, segment) {
    structure = segment;
    list.begin(listing.sizes, segment.experiment.layers);
    const { parts } = list.contents();
    active = null;
    search.clear();
    widen(root, parts);
    offerJumps(view.jumps, parts, jumpTo);
  }

  function show(state, answer) {
    const { moment, listing, selected, hovered } = state;
    if (!moment || !listing) return;
    if (words !== state.words) label((words = state.words), view);
    const { segment } = locate(listing, moment.t);
    if (segment !== structure) build(listing, segment);
    const fresh = list.take(answer?.found.tensors ?? null, ARROWS[state.arrows]);
    rows.element.setAttribute("aria-busy", String(answer?.t !== moment.t));
    const mark = list.placeOf(selected);
    const elsewhere = mark !== chosen && mark !== null && mark !== active;
    chosen = mark;
    const { there, due } = list.contents();
    const look = [words["language.code"], mark, list.placeOf(hovered), there && due.length ? moment.t : ""].join();
    if (fresh || look !== painted) {
      painted = look;
      speak();
      paint();
    }
    if (biggest !== state.biggest) turn(state.biggest);
    if (elsewhere) go(mark);
  }

  function choose(place) {
    active = place;
    store.set({ selected: place === chosen ? null : { kind: "parameter", ...list.markAt(place) } });
    paint();
  }

  moveByPointer(rows.element, {
    light: (position) => light(position === null ? null : placeIn(position)),
    choose: (position) => choose(placeIn(position)),
  });
  moveByKeys(rows.element, {
    position: () => (active === null ? -1 : positionOf(active)),
    first: () => (chosen !== null && positionOf(chosen) >= 0 ? positionOf(chosen) : rows.first()),
    page: () => rows.whole() - 1,
    last: () => length() - 1,
    go: (position) => {
      go(placeIn(position));
      light(active);
    },
    choose: () => choose(active),
    leave: () => light(null),
  });
  view.biggest.addEventListener("click", () => store.set({ biggest: !store.get().biggest }));

  function turn(first) {
    biggest = first;
    list.turn(biggest);
    view.biggest.setAttribute("aria-pressed", String(biggest));
    paint();
    rows.reveal(biggest || active === null ? 0 : positionOf(active), true);
  }

  return { show };
}

/** @type {import("../../base/feature.js").Feature} */
export const column = {
  name: "column",
  state: { biggest: ofView(false, flag) },
  watches: ["arrows", "selected", "hovered", "biggest"],
  question,
  mount,
};
