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
 * The context of a canvas that is given a size, in CSS pixels, which are the context's units; it is clear then.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} [height]
 */
export function sized(canvas, width, height = width) {
  const [wide, high] = [width, height].map((pixels) => Math.round(pixels * devicePixelRatio));
  const context = canvas.getContext("2d");
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width + 1, height + 1);
  return context;
}

/** The same, of a canvas that is also shown in that size. @type {typeof sized} */
export function shownIn(canvas, width, height = width) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  return sized(canvas, width, height);
}

/** Whether an element is in what a link leaves out of the page. @type {(element: Element) => boolean} */
export const isAway = (element) => element.closest("[data-away]") !== null;

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
