// A virtual list: a list of any number of rows of one height, of which only those in sight are elements of the page.

import { make } from "./dom.js";

/** @import { Life } from "./types.js" */

const ROW = 24; // pixels
const BEYOND = 8; // rows kept ready above and below those in sight
const HIGHEST = 8_000_000; // pixels that a browser can still scroll well; longer lists are scrolled in proportion

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

  const height = () => Math.min(count * ROW, HIGHEST);
  const hidden = () => Math.max(0, count * ROW - tall); // pixels of the list that are out of sight
  const stretch = () => hidden() / Math.max(1, height() - tall) || 1;
  const top = () => scrolled * stretch();
  const inSight = () => Math.ceil(tall / ROW);

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
    const first = Math.max(0, Math.floor(above / ROW) - BEYOND);
    const needed = Math.min(count, inSight() + 2 * BEYOND + 1);
    const last = Math.min(count, first + needed);
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
    element.scrollTop = Math.max(0, Math.min(hidden(), pixels)) / stretch();
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
        sheet.style.height = `${height()}px`;
        element.style.setProperty("--height", `${height() + 2}px`); // with its border
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
      const [above, below] = [position * ROW, (position + 1) * ROW - tall];
      if (toTop || above < top()) scrollTo(above);
      else if (below > top()) scrollTo(below);
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
