// Elements of the page, made in one expression.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with properties and children.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {object} [fields]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, fields = {}, ...children) {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
}

/**
 * An element of a drawing, with attributes and children.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function draw(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * Replace what is in an element; the focus stays where it was, on what has the same `data-key`.
 *
 * @param {Element} root
 * @param {(Node | string)[]} children
 */
export function refill(root, ...children) {
  const focused = document.activeElement;
  const held = focused && root.contains(focused) ? focused.getAttribute("data-key") : null;
  root.replaceChildren(...children);
  if (held === null) return;
  /** @type {HTMLElement | null} */
  const same = root.querySelector(`[data-key="${CSS.escape(held)}"]`);
  same?.focus({ preventScroll: true });
}
