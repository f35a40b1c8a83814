// A virtual list: a list of any number of rows of one height, of which only those in sight are elements of the page.

import { make } from "./dom.js";
import { heightOf, revealed, ROW, rowsKept, scrollTo as scrollOf, topOf } from "./rows_in_sight.js";

/** @import { Life } from "./types.js" */

/** @typedef {HTMLElement & {position: number}} Row */

/**
 * A virtual list. `create()` makes an empty row, `fill(row, position)` writes the one at a position, `moved()` hears of scrolling.
 *
 * @param {{life: Life, create: () => HTMLElement, fill: (row: Row, position: number) => void, moved: () => void}} hears
 */
export function createVirtualList({ life, create, fill, moved }) {
  const element = make("div", { className: "virtual-list", tabIndex: 0 });
  const sheet = make("div");
  element.append(sheet);
  /** @type {Row[]} */
  const rows = [];
  let count = 0;
  let due = false;
  let [tall, scrolled] = [0, 0]; // pixels of the element, kept: it is slow to read them when anything has been written

  const top = () => topOf(count, tall, scrolled);

  /** Read anew how tall it is and how far it is scrolled; whether that is something else now. */
  function measure() {
    const before = [tall, scrolled];
    [tall, scrolled] = [element.clientHeight, element.scrollTop];
    return tall !== before[0] || scrolled !== before[1];
  }

  /**
   * Put every row in sight where it belongs; one that is there already is written only if all are to be.
   *
   * @param {boolean} all
   */
  function place(all) {
    const above = top();
    const { first, last, needed } = rowsKept(count, tall, above);
    while (rows.length > needed) rows.pop().remove();
    while (rows.length < needed) {
      const row = Object.assign(create(), { position: -1 });
      rows.push(row);
      sheet.append(row);
    }
    for (let position = first; position < last; position++) {
      const row = rows[position % rows.length];
      const fresh = row.position !== position;
      row.position = position;
      row.style.transform = `translateY(${scrolled + position * ROW - above}px)`;
      if (fresh || all) fill(row, position);
    }
    for (const row of rows) row.hidden = row.position < first || row.position >= last;
  }

  function scroll() {
    due = false;
    measure();
    place(false);
    moved();
  }

  element.addEventListener("scroll", () => {
    if (!due) life.frame(scroll);
    due = true;
  });
  life.resized(() => element.clientHeight && measure() && place(true), element); // not while it is hidden

  /** @param {number} pixels */
  function scrollTo(pixels) {
    element.scrollTop = scrollOf(count, tall, pixels);
    measure();
    place(false);
  }

  return {
    element,
    /**
     * Show so many rows, and write all in sight anew.
     *
     * @param {number} rowCount
     */
    show(rowCount) {
      if (rowCount !== count) {
        count = rowCount;
        sheet.style.height = `${heightOf(count)}px`;
        element.style.setProperty("--height", `${heightOf(count) + 2}px`); // with its border
        measure();
      }
      place(true);
    },
    /**
     * Bring a row into sight: to the top, or else as little as is needed.
     *
     * @param {number} position
     */
    reveal(position, toTop = false) {
      measure();
      const above = revealed(position, tall, top(), toTop);
      if (above !== null) scrollTo(above);
    },
    /** The first position that is in sight, and how many whole rows are. */
    first: () => Math.ceil(top() / ROW - 0.01),
    whole: () => Math.max(1, Math.floor(tall / ROW)),
    /**
     * The element of the row at a position, if it is there.
     *
     * @param {number} position
     */
    rowAt: (position) => rows.find((row) => row.position === position && !row.hidden),
  };
}
