// The chain-rule terms of a gradient: it is a product, factor by factor; each sum opens into its terms, each error into its own.

import { make } from "../../base/dom.js";
import { lights } from "../../tensor/linked_highlight.js";
import { brief, full, signed } from "../../base/numbers.js";
import { LETTERS } from "../../tensor/parameter.js";
import { computedBy } from "../../tensor/steps.js";
import { cellName, split } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

const STRONGEST = 8; // terms of a sum that are shown until all are asked for
const ERRORS = new Set(["delta", "dztilde"]);
const ENDS = new Set(["output", "target"]); // rows that are no terms, but what a difference is made of
const SIGNS = {
  W: "w",
  delta: "δ",
  da: "∂C/∂a",
  a: "a",
  y: "y",
  dztilde: "δ̃",
  zhat: "ẑ",
  dgamma: "∂C/∂γ",
  dbeta: "∂C/∂β",
  minus: "",
  jacobian: "∂a/∂z",
  loss_slope: "∂C/∂a",
  slope: "f′(z)",
};
const numberOf = (value) => (value === null ? undefined : Number(value));
const kindOf = (tensor) => tensor && split(tensor)[0];

export const errorKey = (tensor, index) => `${tensor}:${index}`;

/** A number, or "—" with the micro-step that will compute it. */
function number(look, { value, tensor, due }, written = brief) {
  const { words, listing, t } = look;
  const title =
    value === null && due !== null && tensor ? computedBy(words, listing, t, tensor) : full(numberOf(value));
  return make("span", { className: "number", textContent: written(numberOf(value)), title });
}

function cellOf({ tensor, index }) {
  return tensor && index ? [{ tensor, index }] : [];
}

/** The button that opens and closes what is beneath a line. */
function opener({ words, opened, toggle }, key, cell) {
  const open = opened.has(key);
  const name = say(words, open ? "chain_rule.close" : "chain_rule.open", { cell });
  const button = make("button", {
    type: "button",
    className: "icon opener",
    title: name,
    ariaLabel: name,
    ariaExpanded: String(open),
    textContent: open ? "▾" : "▸",
  });
  button.dataset.key = key;
  button.addEventListener("click", () => toggle(key));
  return button;
}

/** The terms of a sum as a list: each its factors, their product, and a bar in proportion to it. */
function terms(look, factor, key) {
  const { words, opened, toggle } = look;
  const all = factor.rows.length <= STRONGEST || opened.has(`${key}:all`);
  const largest = Math.max(
    ...factor.rows.filter(({ kind }) => !ENDS.has(kind)).map(({ value }) => Math.abs(numberOf(value) ?? 0)),
  );
  const list = make("ul", { className: "terms" });
  for (const row of all ? factor.rows : factor.rows.slice(0, STRONGEST)) list.append(...term(look, row, largest));
  if (factor.rows.length > STRONGEST) {
    const more = say(words, all ? "chain_rule.fewer" : "chain_rule.all", { count: factor.rows.length });
    const button = make("button", { type: "button", className: "quiet-button", textContent: more });
    button.dataset.key = `${key}:all`;
    button.addEventListener("click", () => toggle(`${key}:all`));
    list.append(make("li", {}, button));
  }
  return list;
}

/** A bar in proportion to a term, in the colour of where it sends the parameter. */
function bar(value, largest) {
  const inner = make("i", { className: value > 0 ? "down" : "up" });
  inner.style.width = `${largest ? (100 * Math.abs(value ?? 0)) / largest : 0}%`;
  return make("span", { className: "bar" }, inner);
}

/** One term, and the factors of its error beneath it where that is open. */
function term(look, row, largest) {
  const { words, store, opened, errors } = look;
  const error = row.factors.find(({ tensor, index }) => index && ERRORS.has(kindOf(tensor)));
  const key = error && errorKey(error.tensor, error.index);
  const open = key && opened.has(key);
  const factors = row.factors.flatMap((factor, place) => [
    ...(place ? [make("span", { className: "times", textContent: "×" })] : []),
    make("span", { className: "factor" }, nameOf(factor), number(look, factor)),
  ]);
  const value = numberOf(row.value);
  const line = make(
    "li",
    { className: "term" },
    make("span", { className: "of", textContent: say(words, `chain_rule.term.${row.kind}`, { unit: row.unit }) }),
    make("span", { className: "product" }, ...factors),
  );
  if (!ENDS.has(row.kind))
    line.append(
      bar(value, largest),
      make("span", { className: "number", textContent: signed(value), title: full(value) }),
    );
  if (error) line.append(opener(look, key, cellName(error.tensor, error.index)));
  const lit = lights(line, store, row.factors.flatMap(cellOf));
  const below = open && errors.get(key);
  return below ? [lit, make("li", { className: "nested" }, factorsOf(look, below, key))] : [lit];
}

/** A factor of a term in a sign or two. */
const shortName = ({ tensor, kind }) => SIGNS[tensor ? kindOf(tensor) : kind] ?? "";

/** The same as an element that stands for the tensor's cell. */
function nameOf(factor) {
  const name = make("small", { textContent: shortName(factor) });
  if (factor.tensor && factor.index) name.dataset.term = cellName(factor.tensor, factor.index);
  return name;
}

/** One factor of the product: its formula, what it is, its number; a sum opens into its terms. */
function factorLine(look, factor, place, key) {
  const { words, store, opened } = look;
  const open = opened.has(key);
  const meaning = say(words, `chain_rule.kind.${factor.kind}`, {
    count: factor.rows.filter(({ kind }) => kind === "path").length,
  });
  const line = make(
    "li",
    { className: "line" },
    make("span", { className: "sign", textContent: place ? "×" : "" }),
    make("span", { className: "symbol", innerHTML: factor.formula }),
    make("span", { className: "meaning", textContent: meaning }),
    number(look, factor),
  );
  lights(line, store, cellOf(factor));
  if (!factor.rows.length) return [line];
  line.append(opener(look, key, meaning));
  if (!open) return [line];
  const detail =
    factor.kind === "collapse"
      ? [make("p", { className: "quiet", textContent: say(words, "chain_rule.collapse") })]
      : [];
  return [line, make("li", { className: "sum" }, ...detail, terms(look, factor, key))];
}

/** The factors of a gradient, one under the other, and what they come to. `name` tells this list from others that are open. */
export function factorsOf(look, found, name = "") {
  const { words } = look;
  const list = make("ul", { className: "factors" });
  found.factors.forEach((factor, place) => list.append(...factorLine(look, factor, place, `${name}/${factor.kind}`)));
  const product = numberOf(found.product);
  const meaning = say(words, name ? "chain_rule.error" : "chain_rule.gradient", {
    example: found.example + 1,
    cell: cellName(found.tensor, found.index),
  });
  list.append(
    make(
      "li",
      { className: "line total" },
      make("span", { className: "sign", textContent: "=" }),
      make("span", { className: "meaning", textContent: meaning }),
      make("span", {
        className: `number ${product > 0 ? "down" : product < 0 ? "up" : ""}`,
        textContent: signed(product),
        title: full(product),
      }),
    ),
  );
  return list;
}

/** Why a step of Adam's kind is as long as it is, in a sentence; nothing of other steps. */
export function stepOf({ words }, { tensor, adaptive_step: step }) {
  if (!step) return [];
  const [mean, size, ratio] = [step.mean, step.size, step.ratio].map(Number);
  const blanks = {
    letter: LETTERS[kindOf(tensor)],
    rate: brief(Number(step.learning_rate)),
    mean: brief(mean),
    size: brief(size),
    ratio: brief(ratio),
  };
  const first = step.updates === 1 && ratio !== 0;
  return [make("p", { className: "quiet", textContent: say(words, first ? "why.step.first" : "why.step", blanks) })];
}

/** Why the gradient is so small, in sentences that say of which example. */
export function reasonsOf({ words }, { reasons, example }) {
  return reasons.map(({ kind, value }) => {
    const blanks = { value: brief(numberOf(value)), example: example + 1 };
    return make("p", { className: "reason", textContent: say(words, `reason.${kind}`, blanks) });
  });
}
