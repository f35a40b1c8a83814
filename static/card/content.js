// What the card says of a weight or a neuron: what it is, its number, and why it is so, in a line.

import { gradientsOf } from "../ask/watch.js";
import { unitTitle } from "../base/called.js";
import { make } from "../base/dom.js";
import { brief, full, hundredths, signed } from "../base/numbers.js";
import { say } from "../base/words.js";
import { segmentAt } from "../base/time.js";
import { curveDrawing, curveLabel, curveUnder, givenTo } from "../draw/curve.js";
import { reasonsOf, stepOf } from "../inspector/why/terms.js";
import { ARROWS, arrowsFor, quantityOf, sentence } from "../network/arrows.js";
import { LETTERS, titleOf } from "../tensor/parameter.js";
import { computedBy } from "../tensor/steps.js";
import { parameterOf, split } from "../tensor/tensors.js";

// What the gradient of a parameter is made of, by its kind: the error, and what that is multiplied by.
const MADE_OF = { W: ["delta", "a"], b: ["delta"], gamma: ["dztilde", "zhat"], beta: ["dztilde"] };
const FADED = 1 / 10; // of the output's errors, or less: little of the error is left
const SYMBOLS = { delta: "δ", dztilde: "δ̃", a: "a", zhat: "ẑ" };

/** The parameter whose chain rule tells why: the one that is meant, or the bias of the neuron. */
export function asked({ tensor, index }) {
  const parameter = parameterOf(tensor);
  if (parameter) return { tensor: parameter, index };
  const [, layer] = split(tensor);
  return layer ? { tensor: `b${layer}`, index: [index.at(-1)] } : null;
}

const SIZE = { width: 236, height: 56, margin: 8 }; // of the curve

const line = (className, textContent, title = "") => make("p", { className, textContent, title });
const way = (value) => (value > 0 ? "up" : value < 0 ? "down" : "");
const arrow = (value) => (value > 0 ? "↑ " : value < 0 ? "↓ " : "");

/** A product of numbers, such as "δ · a = −0.551 · (−0.532) = +0.293"; the result only where it is known. */
function productOf(symbols, values, result) {
  const numbers = values.map((value, i) => (i && value < 0 ? `(${brief(value)})` : brief(value)));
  const told = [symbols.join(" · "), numbers.join(" · ")];
  if (values.length > 1 && result !== undefined) told.push(signed(result));
  return told.join(" = ");
}

/** Why the gradient of a parameter is what it is for the example that is shown. */
function ofExample(state, name, index, found) {
  const { words, moment, example } = state;
  const shown = moment.shownExample(example);
  const [kind, layer] = split(name);
  const [error, other] = MADE_OF[kind];
  const cells = [[error, layer, index[0]]];
  if (other) cells.push([other, kind === "W" ? layer - 1 : layer, index.at(-1)]);
  const values = cells.map(([each, at, unit]) => moment.value(`${each}${at}`, shown, unit));
  if (values.includes(undefined)) return [];
  const product = productOf(
    cells.map(([each]) => SYMBOLS[each]),
    values,
    found?.product ?? undefined,
  );
  return [line("card-why", say(words, "card.example", { example: shown + 1, product }))];
}

/** What the optimizer adds to a parameter, where that has been computed and the arrow tells something else. */
function updateParts({ words, moment }, arrows, { name, index, letter }, found) {
  const update = moment.value(`u${name}`, ...index) ?? found?.values[`u${name}`];
  if (update === undefined || arrows.name === ARROWS.update.name) return [];
  return [
    line("card-update", say(words, "card.update", { letter, value: signed(Number(update)) }), full(Number(update))),
  ];
}

/** How this example's error has shrunk on its way back to a layer, where little of it is left. */
function fadingOf(words, found) {
  const sizes = found?.error_sizes?.map(Number) ?? [];
  if (!(sizes.at(-1) < FADED * sizes[0])) return [];
  return [line("reason", say(words, "card.fading", { sizes: sizes.map(brief).join(" → ") }))];
}

/** An output's error with the loss that cancels the slope of its activation, and with the loss that keeps it. */
function lossesOf(words, found) {
  const compared = found?.error_by_loss;
  if (!compared) return [];
  const blanks = {
    cancelling: say(words, `loss.${compared.cancelling}`),
    keeping: say(words, `loss.${compared.keeping}`),
    cancelled: brief(Number(compared.cancelled)),
    kept: brief(Number(compared.kept)),
    slope: brief(Number(compared.slope)),
  };
  return [line("reason", say(words, compared.slope === null ? "card.losses.shares" : "card.losses", blanks))];
}

/** A parameter: its value, what the arrow says, of whom that is, and the product that it is of this example. */
function parameterParts(state, { tensor, index }, found) {
  const { words, moment } = state;
  const name = parameterOf(tensor);
  const arrows = arrowsFor(state);
  const letter = LETTERS[split(name)[0]];
  const [value, given] = [moment.value(name, ...index), moment.value(arrows.letter + name, ...index)];
  const title = line("quiet", titleOf(words, name, index));
  const own = line("card-value", `${letter} = ${brief(value)}`, full(value));
  if (given === undefined) return [title, own, line("", sentence(words, arrows, name, undefined))];
  const shown = arrows.sign * given;
  const quantity = `${arrows.sign < 0 ? "−" : ""}${quantityOf(arrows, letter)}`;
  const alone = gradientsOf(state) !== null;
  const reasons = found ? reasonsOf(state, found).slice(0, 1) : [];
  const whose = arrows.name === ARROWS.update.name || alone || moment.examples < 2;
  return [
    title,
    own,
    line(
      `big ${Number.isFinite(shown) ? way(shown) : ""}`,
      `${arrow(shown)}${quantity} = ${signed(shown)}`,
      full(shown),
    ),
    line("", sentence(words, arrows, name, given)),
    ...(whose ? [] : [line("quiet", say(words, "card.mean", { count: moment.examples }))]),
    ...ofExample(state, name, index, found),
    ...(reasons.length ? reasons : fadingOf(words, found)),
    ...updateParts(state, arrows, { name, index, letter }, found),
    ...(found ? stepOf(state, found) : []),
  ];
}

/** The factors of a neuron's error: each its formula and its number; of a difference its two ends. */
function factorsOf(found, value) {
  const parts = found.factors
    .filter(({ kind }) => kind !== "one")
    .flatMap((factor, place) => {
      const ends = factor.rows.filter(({ kind }) => kind === "output" || kind === "target");
      const numbers = ends.length
        ? ends
            .map((row) => Number(row.value))
            .map(hundredths)
            .join(" − ")
        : "";
      const formula = make("span", { className: "symbol", innerHTML: factor.formula });
      const cells = factor.kind === "collapse" && numbers ? ` = ${numbers}` : ` = ${brief(Number(factor.value))}`;
      return [...(place ? [" × "] : []), formula, cells];
    });
  return make("p", { className: "card-why" }, "δ: ", ...parts, ` → ${signed(value)}`);
}

/** The tensor that has what a layer's activation makes of the values that it is given. */
const madeBy = (moment, layer) => (moment.has(`f${layer}`) ? `f${layer}` : `a${layer}`);

/**
 * Where a neuron stands on the curve of its activation, among the others of its layer, or why the activation has no curve of
 * its own. `curves` gives those of activations by their names.
 */
function curveParts({ words, listing, moment }, layer, shown, unit, curves) {
  const { activation } = segmentAt(listing, Math.max(0, moment.t - 1)).experiment.layers[layer - 1];
  const given = givenTo(moment, layer);
  const [z, value] = [given, madeBy(moment, layer)].map((name) => moment.value(name, shown, unit));
  const samples = value === undefined ? undefined : curves([activation])[activation];
  if (samples === undefined) return [];
  const name = say(words, `activation.${activation}`);
  if (!samples) return [line("reason", say(words, "curve.row", { activation: name }))];
  const under = curveUnder(samples, moment.tensor(given)?.data ?? []);
  const stands = z >= samples.low && z <= samples.high;
  const own = stands ? { at: z, value, slope: moment.value(`slope${layer}`, shown, unit) } : {};
  const drawing = curveDrawing({ ...under, ...own }, { ...SIZE, label: curveLabel(words, name, under) });
  const caption = stands ? [] : [make("figcaption", { textContent: say(words, "curve.off", { z: brief(z) }) })];
  return [make("figure", { className: "curve" }, drawing, ...caption)];
}

/** A neuron: its activation, its target, its error, and the factors of that. */
function neuronParts(state, { tensor, index }, found, curves) {
  const { words, listing, moment, example } = state;
  const [, layer] = split(tensor);
  const [shown, unit] = [moment.shownExample(example), index.at(-1)];
  const cell = (kind) => moment.value(kind, shown, unit);
  const [a, y, delta] = [
    cell(`a${layer}`),
    layer === listing.sizes.length - 1 ? cell("y") : undefined,
    cell(`delta${layer}`),
  ];
  const title = unitTitle(words, listing, layer, unit);
  const head = [
    line("quiet", `${title} · ${say(words, "card.of", { example: shown + 1 })}`),
    line(
      "card-value",
      y === undefined ? `a = ${brief(a)}` : `a = ${brief(a)} · ${say(words, "target")} ${hundredths(y)}`,
      full(a),
    ),
  ];
  if (!layer) return [...head, line("", say(words, "card.input"))];
  const curve = curveParts(state, layer, shown, unit, curves);
  if (delta === undefined)
    return [
      ...head,
      ...curve,
      line("", `${say(words, "card.delta.due")} ${computedBy(words, listing, moment.t, `delta${layer}`)}`),
    ];
  const sign = ["minus", "zero", "plus"][Math.sign(delta) + 1];
  return [
    ...head,
    ...curve,
    line(`big ${way(-delta)}`, `${arrow(-delta)}δ = ${signed(delta)}`, full(delta)),
    line("", say(words, sign ? `card.delta.${sign}` : "arrows.not_finite", { quantity: "δ", value: brief(delta) })),
    ...(found?.product != null ? [factorsOf(found, delta)] : []),
    ...fadingOf(words, found),
    ...lossesOf(words, found),
  ];
}

/**
 * What there is to say of a mark; `found` is the chain rule of what is `asked`, or null while it is not there. `curves(names)`
 * gives the curves of activations, as far as they are known.
 */
export const partsOf = (state, mark, found, curves) =>
  parameterOf(mark.tensor) ? parameterParts(state, mark, found) : neuronParts(state, mark, found, curves);
