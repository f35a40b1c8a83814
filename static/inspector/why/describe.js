// What is known of a mark of the picture at this moment: its title, its numbers, and what the gradient says.

import { unitTitle } from "../../base/called.js";
import { make } from "../../base/dom.js";
import { brief, full, signed } from "../../base/numbers.js";
import { LETTERS, titleOf } from "../../tensor/parameter.js";
import { computedBy, isUpdated } from "../../tensor/steps.js";
import { parameterOf, split } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";

const COMPANIONS = {
  g: (w) => `∂(C+R)/∂${w}`,
  c: () => "g",
  gtilde: () => "g̃",
  m: () => "m",
  v: () => "v",
  mhat: () => "m̂",
  vhat: () => "v̂",
  u: (w) => `Δ${w}`,
};

function sentence(words, gradient) {
  if (gradient === undefined) return say(words, "why.not_yet");
  if (gradient === 0) return say(words, "why.zero");
  if (!Number.isFinite(gradient)) return say(words, "why.not_finite");
  return say(words, gradient > 0 ? "why.lower" : "why.raise");
}

/** The meaning of a parameter's number, which says where the update of the training step has changed it already. */
function meaningOf(words, listing, t, tensor, meaning) {
  return isUpdated(listing, t, tensor) ? say(words, "why.after_update", { meaning }) : meaning;
}

/** A parameter: its value, its gradient, and what penalty, clipping and optimizer make of that. */
function describeParameter(words, listing, moment, name, index, values = {}) {
  const letter = LETTERS[split(name)[0]];
  const cell = (tensor) => moment.value(tensor, ...index) ?? (tensor in values ? Number(values[tensor]) : undefined);
  const gradient = cell(`d${name}`);
  const companions = Object.entries(COMPANIONS).filter(([companion]) => companion + name in listing.tensors);
  return {
    title: titleOf(words, name, index),
    rows: [
      [letter, meaningOf(words, listing, moment.t, name, say(words, "why.value")), cell(name), name],
      [`∂C/∂${letter}`, say(words, "why.gradient"), gradient, `d${name}`],
      ...companions.map(([companion, symbol]) => [
        symbol(letter),
        say(words, `tensor.${companion}`),
        cell(companion + name),
        companion + name,
      ]),
    ],
    gradient,
    sentence:
      gradient === undefined
        ? `${sentence(words)} ${computedBy(words, listing, moment.t, `d${name}`)}`
        : sentence(words, gradient),
  };
}

/** A neuron: what leads to its activation, and what comes back; of batch norm, dropout and skip only where in use. */
function describeNeuron(words, listing, moment, layer, unit, example) {
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
    title: unitTitle(words, listing, layer, unit),
    rows: rows.map(([symbol, kind, value]) => {
      const tensor = `${kind}${layer}`;
      return [symbol, meaningOf(words, listing, moment.t, tensor, say(words, `tensor.${kind}`)), value, tensor];
    }),
    sentence: say(words, "why.example", { example: example + 1 }),
  };
}

/** The symbol of a tensor, which stands for it. */
function symbolOf(symbol, tensor) {
  const made = make("dt", { textContent: symbol });
  made.dataset.tensor = tensor;
  return made;
}

/** Rows of symbol, meaning and number; of a number that is not there yet, the micro-step that will compute it. */
function tableOf({ words, listing, moment }, rows) {
  const table = make("dl");
  for (const [symbol, meaning, value, tensor] of rows) {
    const title = value === undefined ? computedBy(words, listing, moment.t, tensor) : full(value);
    table.append(
      symbolOf(symbol, tensor),
      make("dd", { className: "meaning", textContent: meaning }),
      make("dd", { className: "number", textContent: symbol.startsWith("∂") ? signed(value) : brief(value), title }),
    );
  }
  return table;
}

/** The nudge of a parameter in large type, with its direction against the gradient; nothing without a gradient. */
function big(gradient, letter) {
  if (!gradient || !Number.isFinite(gradient)) return [];
  const [way, arrow] = gradient > 0 ? ["down", "↓"] : ["up", "↑"];
  return [
    make("p", {
      className: `big ${way}`,
      textContent: `${arrow} −dC/d${letter} = ${signed(-gradient)}`,
      title: full(-gradient),
    }),
  ];
}

/** A mark described: elements. `values` are numbers of a parameter by tensor, for cells that the moment does not hold. */
export function describe(state, mark, values) {
  const { words, listing, moment, example } = state;
  const parameter = parameterOf(mark.tensor);
  const {
    title,
    rows,
    gradient,
    sentence: closing,
  } = parameter
    ? describeParameter(words, listing, moment, parameter, mark.index, values)
    : describeNeuron(words, listing, moment, split(mark.tensor)[1], mark.index[1], moment.shownExample(example));
  const quiet = (textContent) => make("p", { className: "quiet", textContent });
  return [quiet(title), ...big(gradient, rows[0][0]), tableOf(state, rows), quiet(closing)];
}
