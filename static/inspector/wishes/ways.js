// The three ways to give a neuron what it wishes: its bias, its weights, and the activations below, each with its numbers.

import { lights } from "../../tensor/linked_highlight.js";
import { make } from "../../base/dom.js";
import { brief, full, hundredths } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { arrowOf, nudge, unitName, wayOf } from "./names.js";

const SHOWN = 5; // rows of each way, the strongest first

function amount(value) {
  return make("output", { className: `number ${wayOf(value)}`, textContent: nudge(value), title: full(value) });
}

/** One weight or activation: where from, what the wish is multiplied by, and what that gives. */
function partOf(look, neuron, kind, k) {
  const { words, listing, layer, example, found, store } = look;
  const [factor, value] = [kind === "weights" ? "below" : "w", kind].map((name) => found.get(name).data[k]);
  const line = make(
    "li",
    { className: "wish-way", tabIndex: 0 },
    make("span", { textContent: unitName(words, listing, layer - 1, k, true) }),
    make("span", {
      className: "quiet wish-factor",
      textContent: `${kind === "weights" ? "a" : "w"} ${brief(factor)}`,
      title: full(factor),
    }),
    amount(value),
  );
  line.dataset.key = `${kind}${k}`;
  return lights(line, store, [
    { tensor: `W${layer}`, index: [neuron, k] },
    { tensor: `a${layer - 1}`, index: [example, k] },
  ]);
}

/** A way with many parts: the strongest of them. */
function partsOf(look, neuron, kind) {
  const { data } = look.found.get(kind);
  const order = Array.from(data.keys()).toSorted((one, other) => Math.abs(data[other]) - Math.abs(data[one]));
  const more =
    data.length > SHOWN
      ? [
          make("li", {
            className: "quiet",
            textContent: say(look.words, "wishes.more", { count: data.length - SHOWN }),
          }),
        ]
      : [];
  return make("ul", {}, ...order.slice(0, SHOWN).map((k) => partOf(look, neuron, kind, k)), ...more);
}

/** What is said of the neuron that is followed: what it is, what it is asked for. */
function sentence({ words, listing, layer, found }, neuron, wish) {
  const unit = unitName(words, listing, layer, neuron);
  const a = brief(found.get("a").data[neuron]);
  const way = say(words, wish > 0 ? "wishes.up" : wish < 0 ? "wishes.down" : "wishes.right");
  return found.has("y")
    ? say(words, "wishes.off", { unit, a, y: hundredths(found.get("y").data[neuron]), way })
    : say(words, "wishes.moves", { unit, a, way });
}

/** The three ways of the neuron that is followed; nothing for inputs, and before its wish is known. */
export function waysOf(look) {
  const { words, listing, layer, found, store } = look;
  if (!found.has("bias")) return [];
  const neuron = found.get("neuron").data[0];
  const wish = found.get("bias").data[0];
  const title = make("p", {
    className: `big wish-sentence ${wayOf(wish)}`,
    textContent: `${sentence(look, neuron, wish)}\u00a0${arrowOf(wish)}`.trim(),
  });
  if (!wish) return [title];
  const head = (kind) =>
    make(
      "p",
      {},
      make("b", { textContent: say(words, `wishes.way.${kind}`) }),
      ` ${say(words, `wishes.way.${kind}.says`)}`,
    );
  const bias = make("li", { className: "wish-bias" }, head("bias"), amount(wish));
  const unit = unitName(words, listing, layer, neuron);
  return [
    title,
    make("h3", { textContent: say(words, wish > 0 ? "wishes.ways.raise" : "wishes.ways.lower", { unit }) }),
    make(
      "ol",
      { className: "wish-ways" },
      lights(bias, store, [{ tensor: `b${layer}`, index: [neuron] }]),
      make("li", {}, head("weights"), partsOf(look, neuron, "weights")),
      make("li", {}, head("activations"), partsOf(look, neuron, "activations")),
    ),
  ];
}
