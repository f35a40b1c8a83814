// Elements of the page, made in one expression.

/** An element with properties and children. */
export function make(tag, fields = {}, ...children) {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
}
