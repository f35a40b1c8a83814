// A formula where there is little room: it wraps at an operator, else is written smaller, else shows that it scrolls.

import { make } from "../../base/dom.js";

const BREAKS = new Set(["=", "+", "-", "−"]);
const LEAST = 0.72; // of the usual size
const TRIES = 4; // a formula's width does not go with its size alone: its spaces and fences have sizes of their own

/**
 * Whether a line may end before this element: at an operator between two terms.
 *
 * @param {Element} element
 */
function mayBreak(element) {
  const before = element.previousElementSibling;
  return element.localName === "mo" && BREAKS.has(element.textContent) && before && !isOpen(before);
}

/** @param {Element} element */
const isOpen = ({ localName, textContent }) => localName === "mo" && textContent !== ")";

/**
 * Cut a formula before its operators into formulas that stand one after the other, and so wrap.
 *
 * @param {Element} math
 */
export function cut(math) {
  const row = math.firstElementChild;
  const pieces = [[]];
  for (const element of row?.children ?? []) {
    if (mayBreak(element)) {
      element.setAttribute("form", "infix"); // with the room on both sides that it has between two terms
      pieces.push([]);
    }
    pieces.at(-1).push(element);
  }
  for (const piece of pieces.slice(1)) {
    const next = math.cloneNode(false);
    const nextRow = /** @type {Element} */ (row.cloneNode(false));
    nextRow.append(...piece);
    next.appendChild(nextRow);
    math.parentElement.append(next);
  }
}

/**
 * A micro-step's formula, that wraps; the first symbol of each tensor can have the focus.
 *
 * @param {{formula: string, reads: string[], writes: string[]}} step
 */
export function formulaOf({ formula, reads, writes }) {
  const element = make("div", { className: "formula", innerHTML: formula });
  cut(element.firstElementChild);
  for (const name of new Set([...reads, ...writes])) {
    /** @type {HTMLElement} */
    const symbol = element.querySelector(`[data-tensor="${CSS.escape(name)}"]`);
    if (symbol) symbol.tabIndex = 0;
  }
  return element;
}

/** Fits formulas that have been laid out into their room. What has been measured once for a width is known. */
export function createFitting() {
  const known = new Map();

  /** @param {HTMLElement} element */
  function sizeOf(element) {
    const key = `${element.clientWidth} ${element.innerHTML}`;
    if (!known.has(key)) {
      let size = 1;
      for (let tries = 0; tries < TRIES; tries++) {
        element.style.fontSize = `${100 * size}%`;
        if (element.scrollWidth <= element.clientWidth || size < LEAST) break;
        size *= element.clientWidth / element.scrollWidth;
      }
      known.set(key, size);
    }
    return known.get(key);
  }

  return {
    /** @param {Iterable<HTMLElement>} elements */
    fit(elements) {
      for (const element of elements) {
        const size = sizeOf(element);
        element.style.fontSize = size < 1 ? `${100 * Math.max(LEAST, size)}%` : "";
        element.classList.toggle("scrolls", size < LEAST);
      }
    },
    forget: () => known.clear(),
  };
}
