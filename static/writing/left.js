// Which fields have been left: what is missing in one is told only then, or once the lesson has been saved or looked at.

/** @import { Desk } from "./desk.js" */

/** The name of a fault's field among all drafts. */
const keyOf = (/** @type {Desk} */ desk, /** @type {number} */ step, /** @type {string} */ field) =>
  `${desk.draft().id} ${step ? desk.lesson().steps[step - 1]?.key : "head"} ${field}`;

/**
 * Hear of the fields in `root` that are left; `heard()` is called then.
 *
 * @param {HTMLElement} root
 * @param {Desk} desk
 * @param {() => void} heard
 */
export function keepLeft(root, desk, heard) {
  const left = new Set();

  root.addEventListener("focusout", ({ target }) => {
    const part = /** @type {Element} */ (target).closest(".writing-part");
    const slot = /** @type {HTMLElement | null} */ (part?.querySelector(".writing-faults") ?? null);
    if (!slot?.isConnected || !slot.dataset.field) return;
    const key = keyOf(desk, slot.dataset.of === "head" ? 0 : desk.place() + 1, slot.dataset.field);
    if (left.has(key)) return;
    left.add(key);
    heard();
  });

  return {
    /** Have all of the draft that is open told. */
    all: () => left.add(desk.draft().id),
    /**
     * Whether a fault is told: of a title that is missing, once its field has been left.
     *
     * @param {{step: number, field: string, details: any}} fault
     */
    isTold: ({ step, field, details }) =>
      details?.kind !== "missing" ||
      field !== "title" ||
      left.has(desk.draft().id) ||
      left.has(keyOf(desk, step, field)),
  };
}
