// Elements of the page, made in one expression.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties and children. */
export function make(tag, fields = {}, ...children) {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
}

/** An element of a drawing, with attributes and children. */
export function draw(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Replace what is in an element; the focus stays where it was, on what has the same `data-key`. */
export function refill(root, ...children) {
  const held = root.contains(document.activeElement) ? document.activeElement.getAttribute("data-key") : null;
  root.replaceChildren(...children);
  if (held === null) return;
  /** @type {HTMLElement | null} */
  const same = root.querySelector(`[data-key="${CSS.escape(held)}"]`);
  same?.focus({ preventScroll: true });
}
