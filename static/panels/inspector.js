// The inspector: the equation that has just run, and the numbers of what is pointed at or chosen in the picture.

import { make } from "../dom.js";
import { brief, full, signed } from "../numbers.js";
import { say } from "../words.js";

const superscript = (number) => [...String(number)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");

/** What is known of a mark: a title, rows of [symbol, meaning, value], and a closing sentence. */
function describe(words, listing, moment, mark, example) {
  const kind = mark.tensor.match(/^\D+/)[0];
  const layer = Number(mark.tensor.match(/\d+$/)?.[0] ?? NaN);
  if (kind === "W" || kind === "dW") return describeWeight(words, moment, layer, mark.index);
  if (kind === "b" || kind === "db") return describeBias(words, moment, layer, mark.index);
  return describeNeuron(words, moment, layer, mark.index[1], moment.shownExample(example));
}

function sentence(words, gradient) {
  if (gradient === undefined) return say(words, "why.not_yet");
  if (gradient === 0) return say(words, "why.zero");
  if (!Number.isFinite(gradient)) return say(words, "why.not_finite");
  return say(words, gradient > 0 ? "why.lower" : "why.raise");
}

function describeWeight(words, moment, layer, [j, k]) {
  const gradient = moment.value(`dW${layer}`, j, k);
  return {
    title: say(words, "why.weight", { tensor: `W${superscript(layer)}`, j, k, layer, below: layer - 1 }),
    rows: [
      ["w", say(words, "why.value"), moment.value(`W${layer}`, j, k)],
      ["∂C/∂w", say(words, "why.gradient"), gradient],
    ],
    gradient, sentence: sentence(words, gradient),
  };
}

function describeBias(words, moment, layer, [j]) {
  const gradient = moment.value(`db${layer}`, j);
  return {
    title: say(words, "why.bias", { tensor: `b${superscript(layer)}`, j, layer }),
    rows: [
      ["b", say(words, "why.value"), moment.value(`b${layer}`, j)],
      ["∂C/∂b", say(words, "why.gradient"), gradient],
    ],
    gradient, sentence: sentence(words, gradient),
  };
}

function describeNeuron(words, moment, layer, unit, example) {
  const cell = (kind) => moment.value(`${kind}${layer}`, example, unit);
  const inner = [
    ["b", say(words, "tensor.b"), moment.value(`b${layer}`, unit)],
    ["z", say(words, "tensor.z"), cell("z")],
  ];
  const back = [
    ["∂C/∂a", say(words, "tensor.da"), cell("da")],
    ["f′(z)", say(words, "tensor.slope"), cell("slope")],
    ["δ", say(words, "tensor.delta"), cell("delta")],
  ];
  const rows = [...(layer ? inner : []), ["a", say(words, "tensor.a"), cell("a")], ...(layer ? back : [])];
  const known = rows.filter(([symbol, , value]) => value !== undefined || !["∂C/∂a", "f′(z)"].includes(symbol));
  return { title: say(words, layer ? "why.neuron" : "why.input", { layer, unit }), rows: known, sentence: say(words, "why.example", { example: example + 1 }) };
}

function shapes(listing, moment, step) {
  return [...step.reads, ...step.writes]
    .map((name) => `${name} (${listing.tensors[name].map((axis) => (axis === "example" ? (moment.examples || "m") : listing.sizes[axis])).join(", ")})`)
    .join("   ");
}

export function inspectorPanel(root, store) {
  const now = root.querySelector("[data-part=now]");
  const why = root.querySelector("[data-part=why]");
  let shownStep = null;

  function showNow({ moment, listing, words }) {
    if (!moment || !listing) return;
    const length = listing.program.length;
    const step = moment.t ? listing.program[(moment.t - 1) % length] : null;
    if (step === shownStep && now.dataset.words === words.language) return;
    shownStep = step;
    now.dataset.words = words.language;
    if (!step) {
      now.replaceChildren(make("p", { className: "quiet", textContent: say(words, "now.start") }));
      return;
    }
    const formula = make("div", { className: "formula", innerHTML: step.formula });
    const code = make("pre", {}, make("code", { textContent: step.source }), make("i", { textContent: `\n${shapes(listing, moment, step)}` }));
    now.replaceChildren(
      make("p", { className: "title" }, make("b", { textContent: say(words, `equation.${step.equation}`) })),
      formula,
      make("p", { className: "quiet", textContent: say(words, `equation.${step.equation}.says`) }),
      code,
    );
  }

  function showWhy({ moment, listing, words, hovered, selected, example }) {
    const mark = hovered ?? selected;
    if (!mark || !moment || !listing) {
      why.replaceChildren(make("p", { className: "quiet", textContent: say(words, "why.empty") }));
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
      parts.push(make("p", { className: `big ${way}`, textContent: `${gradient > 0 ? "↓" : "↑"} dC/dw = ${signed(gradient)}`.replace("dw", rows[0][0] === "b" ? "db" : "dw") }));
    }
    why.replaceChildren(...parts, table, make("p", { className: "quiet", textContent: closing }));
  }

  store.on(["moment", "listing", "words"], showNow);
  store.on(["moment", "listing", "words", "hovered", "selected", "example"], showWhy);
  showWhy(store.get());
}
