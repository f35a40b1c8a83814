// Formulas as MathML: their parts, and what is written around numbers.

const MATH = "http://www.w3.org/1998/Math/MathML";
const RELATIONS = new Set(["=", "←"]);
const PLUS = new Set(["+", "−", "-"]);
const OPEN = new Set(["(", "[", "⌊", "{", ",", "|"]);
const CLOSED = new Set([")", "]", "⌋", "}"]);
const LETTERS = /^[ijkl]+$/; // an index as formulas have it

/**
 * @param {string} tag
 * @param {(Node | string)[]} children
 * @returns {any}
 */
export function math(tag, ...children) {
  const made = document.createElementNS(MATH, tag);
  made.append(...children);
  return made;
}

/** @param {string} text */
export function sign(text) {
  const made = math("mo", text);
  if (text === "(" || text === ")") made.setAttribute("form", text === "(" ? "prefix" : "postfix");
  return made;
}

/**
 * The row of a formula that is given as text.
 *
 * @param {string} formula
 */
export function rowOf(formula) {
  const holder = document.createElement("template");
  holder.innerHTML = formula;
  return holder.content.firstElementChild.firstElementChild;
}

/**
 * The tensor that a node stands for, if it does.
 *
 * @param {any} node
 * @returns {string | undefined}
 */
export const tensorOf = (node) => node?.dataset?.tensor;

/** @param {Element | null} node */
const isSign = (node) => node?.localName === "mo";

/** @param {Element} node */
const isSpace = (node) => node.localName === "mspace";

/** @param {Element} node */
const opens = (node) => OPEN.has(node.textContent) || RELATIONS.has(node.textContent);

/**
 * Whether what comes next is neither multiplied nor taken away.
 *
 * @param {Element | undefined} before
 */
export const isFree = (before) => !before || before.textContent === "+";

/**
 * The letters of a sum's sign; null of anything else.
 *
 * @param {Element} node
 */
export function summedBy(node) {
  const below = node.localName === "msub" || node.localName === "munder";
  return below && node.firstElementChild.textContent === "∑" ? [...node.lastElementChild.textContent] : null;
}

/**
 * The clauses of a formula, which wide spaces part, each as its sides around the signs of relation.
 *
 * @param {Element} row
 */
export function clausesOf(row) {
  /** @type {Element[][][]} */
  const clauses = [[[]]];
  for (const node of row.children) {
    const sides = clauses.at(-1);
    if (isSpace(node) && node.getAttribute("width") === "1em") clauses.push([[]]);
    else if (isSign(node) && RELATIONS.has(node.textContent)) sides.push([]);
    else sides.at(-1).push(node);
  }
  for (const sides of clauses) if (sides.at(-1).at(-1)?.textContent === ",") sides.at(-1).pop();
  return clauses;
}

/**
 * Where a term ends that begins at a place: at a plus, a minus, or the end of the brackets that it stands in.
 *
 * @param {Element[]} nodes
 * @param {number} from
 */
export function endOfTerm(nodes, from) {
  let depth = 0;
  for (let i = from; i < nodes.length; i++) {
    const text = isSign(nodes[i]) ? nodes[i].textContent : "";
    if (text !== "," && text !== "|" && OPEN.has(text)) depth += 1;
    if (CLOSED.has(text)) depth -= 1;
    if (depth < 0 || (depth === 0 && PLUS.has(text) && i > from)) return i;
  }
  return nodes.length;
}

/**
 * A symbol with the index of an element below it, in the place of letters that stand there.
 *
 * @param {Element} symbol
 * @param {number[]} index
 */
export function withIndex(symbol, index) {
  const copy = /** @type {Element} */ (symbol.cloneNode(true));
  const scripts = [...copy.querySelectorAll("msub, msup, msubsup")];
  const lettered = scripts.find((each) => each.localName !== "msup" && LETTERS.test(each.children[1].textContent));
  const place = lettered ?? scripts.findLast((each) => each.lastElementChild.textContent.includes("["));
  if (!index.length && !lettered) return copy;
  const below = math("mrow", math("mn", index.join(",")));
  if (!place) return math("msub", copy, below);
  if (place.localName === "msup") place.replaceWith(math("msubsup", place.children[0], below, place.children[1]));
  else if (lettered) place.children[1].replaceWith(below);
  else place.children[1].append(sign(","), below);
  return copy;
}

/**
 * What stands before a node, spaces apart.
 *
 * @param {Element} node
 */
function beforeOf(node) {
  const before = node.previousElementSibling;
  return before && isSpace(before) ? before.previousElementSibling : before;
}

/**
 * Whether a node is a factor of what stands before it.
 *
 * @param {Element} node
 */
function multiplies(node) {
  const before = beforeOf(node);
  const factor = node.matches("[data-number], mfrac") || node.firstElementChild?.matches("[data-number]");
  if (!factor || !before || opens(before)) return false;
  const named = before.localName === "mi" && before.textContent.length > 1; // a function, such as sign
  return !named && (!isSign(before) || CLOSED.has(before.textContent));
}

/**
 * Write signs of multiplication between numbers that stand side by side, and brackets around those below 0.
 *
 * @param {Element} root
 */
export function tidy(root) {
  for (const row of root.querySelectorAll("mrow, msqrt"))
    for (const node of Array.from(row.children)) if (multiplies(node)) node.before(sign("·"));
  for (const node of root.querySelectorAll("mo")) {
    const before = beforeOf(node);
    if (PLUS.has(node.textContent) && before && opens(before)) node.setAttribute("form", "prefix"); // the sign of a number
  }
  for (const node of root.querySelectorAll("[data-number]")) {
    const before = beforeOf(node);
    const alone = (!before || opens(before)) && node.parentElement.localName !== "msup";
    if (alone || !node.textContent.startsWith("−")) continue;
    const place = math("mrow");
    node.replaceWith(place);
    place.append(sign("("), node, sign(")"));
  }
}
