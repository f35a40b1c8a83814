// A neuron: its strongest inputs, the sum of them all, and its place on the curve of its activation.

import { make } from "../../base/dom.js";
import { curveDrawing } from "../../draw/curve.js";
import { lights } from "../../tensor/linked_highlight.js";
import { brief, full, signed } from "../../base/numbers.js";
import { say } from "../../base/words.js";

const SHOWN = 6; // inputs, until all are asked for
const SIZE = { width: 300, height: 132, margin: 22 }; // of the curve

/** One input: a times w, and what that adds. */
function inputLine({ words, store, layer, unit, example }, [k, a, w, product], largest) {
  const bar = make("i", {});
  bar.style.width = `${largest ? (100 * Math.abs(product)) / largest : 0}%`;
  const name = say(words, "neuron.from", { unit: k });
  const button = make("button", {
    type: "button",
    className: "quiet-button of",
    textContent: name,
    title: say(words, "neuron.choose", { name: `W${layer}[${unit}, ${k}]` }),
  });
  button.dataset.key = `input ${k}`;
  button.addEventListener("click", () => store.set({ selected: { tensor: `W${layer}`, index: [unit, k] } }));
  const number = (sign, value) =>
    make(
      "span",
      { className: "factor" },
      make("small", { textContent: sign }),
      make("span", { className: "number", textContent: brief(value), title: full(value) }),
    );
  const line = make(
    "li",
    { className: "term" },
    button,
    make(
      "span",
      { className: "product" },
      number("a", a),
      make("span", { className: "times", textContent: "×" }),
      number("w", w),
    ),
    make("span", { className: "bar plain" }, bar),
    make("span", { className: "number", textContent: signed(product), title: full(product) }),
  );
  return lights(line, store, [
    { tensor: `a${layer - 1}`, index: [example, k] },
    { tensor: `W${layer}`, index: [unit, k] },
  ]);
}

/** What the neuron adds up; `look.updated` where the update has changed its weights or its bias since. */
export function inputsOf(look, { rows, rest, b, of }) {
  const { words, opened, toggle, z, updated } = look;
  const all = rows.length <= SHOWN || opened.has("inputs");
  const list = make("ul", { className: "terms" });
  const shown = rows.slice(0, all ? rows.length : SHOWN);
  for (const row of shown) list.append(inputLine(look, row.map(Number), Math.abs(rows[0][3])));
  const left = rows.slice(shown.length).reduce((sum, row) => sum + Number(row[3]), Number(rest));
  const plain = (text, value) =>
    list.append(
      make(
        "li",
        { className: "term" },
        make("span", { className: "of", textContent: text }),
        make("span", { className: "number", textContent: signed(value), title: full(value) }),
      ),
    );
  if (of > shown.length) plain(say(words, "neuron.rest", { count: of - shown.length }), left);
  plain(say(words, updated ? "neuron.bias.before" : "neuron.bias"), Number(b));
  list.append(
    make(
      "li",
      { className: "term total" },
      make("span", { className: "of", textContent: "z" }),
      make("span", { className: "number", textContent: brief(z), title: full(z) }),
    ),
  );
  if (rows.length > SHOWN) {
    const button = make("button", {
      type: "button",
      className: "quiet-button",
      textContent: say(words, all ? "chain_rule.fewer" : "chain_rule.all", { count: rows.length }),
    });
    button.dataset.key = "inputs";
    button.addEventListener("click", () => toggle("inputs"));
    list.append(make("li", {}, button));
  }
  return list;
}

/** The curve of the activation, the tangent where the neuron stands, and what the tangent's slope is. */
export function curveOf({ words }, curve) {
  const { z, at, value, slope } = curve;
  const blanks = { z: brief(at), a: brief(value), slope: brief(slope) };
  const look = { ...SIZE, label: say(words, "neuron.curve", blanks), letters: [brief(z[0]), brief(z.at(-1))] };
  return make(
    "figure",
    { className: "curve" },
    curveDrawing(curve, look),
    make("figcaption", { className: "quiet", textContent: say(words, "neuron.tangent", blanks) }),
  );
}
