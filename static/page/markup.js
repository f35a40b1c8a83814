// The markup of a mount: the server writes it once, and every mount of a document has its own, with names of its own.

const NAMES = ["id", "aria-labelledby", "aria-describedby", "aria-controls", "for", "name"]; // what counts in a whole document
const ALL = NAMES.map((name) => `[${name}]`).join();

/** The least number from 0 that no other mount of the document has. */
function numberOf(root) {
  const taken = [...root.ownerDocument.querySelectorAll("[data-mount]")].map((each) => Number(each.dataset.mount));
  let number = 0;
  while (taken.includes(number)) number += 1;
  return number;
}

/**
 * Make the markup in `root` a mount's own. Returns what makes of a name one that no other mount has; those of a
 * document's first mount are as they are written.
 *
 * @param {HTMLElement} root
 */
export function claim(root) {
  const number = numberOf(root);
  root.dataset.mount = String(number);
  const named = (/** @type {string} */ name) => (number ? `${name}-${number}` : name);
  for (const element of root.querySelectorAll(ALL)) {
    for (const attribute of NAMES.filter((each) => element.hasAttribute(each))) {
      const names = element.getAttribute(attribute).split(" ");
      element.setAttribute(attribute, names.map(named).join(" "));
    }
  }
  return named;
}
