// Controls that matter in a step, and those that rest meanwhile: quieter, but still of use.

import { CONTROLS } from "../page/parts.js";

/**
 * Have the controls of a mount rest but those that matter; all of them matter where there are none.
 *
 * @param {Element} all
 * @param {string[] | null} matter
 */
export function rest(all, matter) {
  for (const [name, selector] of Object.entries(CONTROLS)) {
    const { classList } = all.querySelector(selector);
    classList.toggle("resting", matter !== null && !matter.includes(name));
    classList.toggle("matters", matter?.includes(name) ?? false);
  }
}
