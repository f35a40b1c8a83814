// The rows of the column that are in sight, and which parameter the keys are at and which is chosen.

import { createVirtualList } from "../../base/virtual_list.js";
import { say } from "../../base/words.js";
import { createRow, fillRow } from "./row.js";
import { dueOf } from "./words.js";

/**
 * The rows of a list. `at` has the places of the parameters that the keys are at, `active`, and that is `chosen`, or null.
 * `named` makes of an id one that the whole document has once.
 */
export function createRows(store, list, named) {
  const at = { active: null, chosen: null };
  const rows = createVirtualList({ life: store.life, create: createRow, fill, moved: tellActive });

  function fill(row, position) {
    const state = store.get();
    const found = list.rowAt(position);
    const { place, value, tensor } = found;
    fillRow(row, {
      ...found,
      id: named(`column-${position}`),
      title: value === undefined && state.moment ? say(state.words, "matrix.due", dueOf(state, [tensor])) : "",
      active: place === at.active,
      chosen: place === at.chosen,
      lit: place === list.placeOf(state.hovered),
    });
  }

  /** The place that the keys are at is told to screen readers while its row is there. */
  function tellActive() {
    const row = at.active === null ? null : rows.rowAt(list.positionOf(at.active));
    if (row) rows.element.setAttribute("aria-activedescendant", row.id);
    else rows.element.removeAttribute("aria-activedescendant");
  }

  return {
    ...rows,
    at,
    /** Write all rows in sight anew. */
    paint() {
      rows.show(list.length());
      tellActive();
    },
    /** Bring the row at a position into sight: to the top, or as little as is needed. */
    reveal(position, toTop) {
      rows.reveal(position, toTop);
      tellActive();
    },
  };
}
