// Why: a parameter's gradient, or a neuron, in the numbers of this moment.

import { make } from "../dom.js";
import { brief, full, signed } from "../numbers.js";
import { say } from "../words.js";

const superscript = (number) => [...String(number)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");

const LETTERS = { W: "w", b: "b", gamma: "γ", beta: "β" };
const COMPANIONS = { g: (w) => `∂(C+R)/∂${w}`, c: () => "g", m: () => "m", v: () => "v", u: (w) => `Δ${w}` };

/** What is known of a mark: a title, rows of [symbol, meaning, value], and a closing sentence. */
function describe(words, listing, moment, mark, example) {
  const [, parameter, layer] = mark.tensor.match(/^d?(W|b|gamma|beta)(\d+)$/) ?? [];
  if (parameter) return describeParameter(words, listing, moment, parameter, Number(layer), mark.index);
  return describeNeuron(words, moment, Number(mark.tensor.match(/\d+$/)[0]), mark.index[1], moment.shownExample(example));
}

function sentence(words, gradient) {
  if (gradient === undefined) return say(words, "why.not_yet");
  if (gradient === 0) return say(words, "why.zero");
  if (!Number.isFinite(gradient)) return say(words, "why.not_finite");
  return say(words, gradient > 0 ? "why.lower" : "why.raise");
}

/** A parameter: its value, its gradient, and what penalty, clipping and optimizer make of that. */
function describeParameter(words, listing, moment, parameter, layer, index) {
  const [letter, name] = [LETTERS[parameter], `${parameter}${layer}`];
  const gradient = moment.value(`d${name}`, ...index);
  const companions = Object.entries(COMPANIONS).filter(([kind]) => kind + name in listing.tensors);
  const [j, k] = index;
  const tensor = `${parameter}${superscript(layer)}`;
  return {
    title: say(words, k === undefined ? `why.${parameter}` : "why.weight", { tensor, j, k, layer, below: layer - 1 }),
    rows: [
      [letter, say(words, "why.value"), moment.value(name, ...index)],
      [`∂C/∂${letter}`, say(words, "why.gradient"), gradient],
      ...companions.map(([kind, symbol]) => [symbol(letter), say(words, `tensor.${kind}`), moment.value(kind + name, ...index)]),
    ],
    gradient, sentence: sentence(words, gradient),
  };
}

/** A neuron: what leads to its activation, and what comes back; of batch norm, dropout and skip only where in use. */
function describeNeuron(words, moment, layer, unit, example) {
  const cell = (kind) => moment.value(`${kind}${layer}`, example, unit);
  const own = (kind) => moment.value(`${kind}${layer}`, unit);
  const rows = [
    ["b", "b", layer ? own("b") : undefined, layer],
    ["z", "z", layer ? cell("z") : undefined, layer],
    ["ẑ", "zhat", cell("zhat")],
    ["γ", "gamma", own("gamma")],
    ["β", "beta", own("beta")],
    ["z̃", "ztilde", cell("ztilde")],
    ["f", "f", cell("f")],
    ["μ", "mask", cell("mask")],
    ["a", "a", cell("a"), true],
    ["∂C/∂a", "da", cell("da")],
    ["f′(z)", "slope", cell("slope")],
    ["∂C/∂γ", "dgamma", own("dgamma")],
    ["∂C/∂β", "dbeta", own("dbeta")],
    ["δ", "delta", cell("delta"), layer],
  ].filter(([, , value, always]) => value !== undefined || always);
  return {
    title: say(words, layer ? "why.neuron" : "why.input", { layer, unit }),
    rows: rows.map(([symbol, kind, value]) => [symbol, say(words, `tensor.${kind}`), value]),
    sentence: say(words, "why.example", { example: example + 1 }),
  };
}

export function whyView(root, store) {
  function show({ moment, listing, words, hovered, selected, example }) {
    const mark = selected ?? hovered;
    if (!mark && root.dataset.empty === words["language.code"]) return;
    root.dataset.empty = mark ? "" : words["language.code"];
    if (!mark || !moment || !listing) {
      root.replaceChildren(make("p", { className: "quiet", textContent: say(words, "why.empty") }));
      return;
    }
    const { title, rows, gradient, sentence: closing } = describe(words, listing, moment, mark, example);
    const table = make("dl");
    for (const [symbol, meaning, value] of rows) {
      table.append(
        make("dt", { textContent: symbol }),
        make("dd", { className: "meaning", textContent: meaning }),
        make("dd", { className: "number", textContent: symbol.startsWith("∂") ? signed(value) : brief(value), title: full(value) }),
      );
    }
    const parts = [make("p", { className: "quiet", textContent: title })];
    if (gradient !== undefined && Number.isFinite(gradient) && gradient !== 0) {
      const way = gradient > 0 ? "down" : "up";
      parts.push(make("p", { className: `big ${way}`, textContent: `${gradient > 0 ? "↓" : "↑"} dC/d${rows[0][0]} = ${signed(gradient)}` }));
    }
    root.replaceChildren(...parts, table, make("p", { className: "quiet", textContent: closing }));
  }

  return { watches: ["hovered", "selected", "example"], question: () => null, show };
}
