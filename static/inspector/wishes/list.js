// The wishes of a layer's own neurons, one a row: what is asked of each in all, times its slope.

import { lights } from "../../tensor/linked_highlight.js";
import { make } from "../../base/dom.js";
import { nameOf } from "../../base/called.js";
import { brief, full, hundredths, signed } from "../../base/numbers.js";
import { computedBy } from "../../tensor/steps.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { nudge, unitName, wayOf } from "./names.js";

const SHOWN = 16; // rows; of more neurons, those that wish the most

/** @typedef {[name: string, tensor: string, write: (value: number) => string]} Column */

/**
 * The columns between a neuron's name and its wish: [what the answer calls it, the tensor, how its numbers are written].
 *
 * @returns {Column[]}
 */
function columnsOf({ listing, layer, t }) {
  const { program } = locate(listing, t).segment;
  const written = new Set(program.flatMap(({ writes }) => writes));
  /** @type {Column[]} */
  const ends =
    layer === listing.sizes.length - 1
      ? [
          ["a", `a${layer}`, brief],
          ["y", "y", hundredths],
        ]
      : [];
  /** @type {Column[]} */
  const back = [
    ["total", `da${layer}`, signed],
    ["mask", `mask${layer}`, brief],
    ["slope", `slope${layer}`, brief],
    ["shift", `dztilde${layer}`, signed],
  ];
  return [...ends, ...back].filter(([, tensor]) => written.has(tensor));
}

/** The units to show: all, or those with the strongest wishes and the one that is followed. */
function unitsOf(wish, count, followed) {
  const all = Array.from({ length: count }, (_, unit) => unit);
  if (count <= SHOWN) return all;
  if (!wish) return all.slice(0, SHOWN);
  const strongest = all.toSorted((one, other) => Math.abs(wish[other]) - Math.abs(wish[one])).slice(0, SHOWN);
  return strongest.includes(followed) ? strongest : [...strongest.slice(0, -1), followed];
}

function row(look, columns, unit, followed, largest) {
  const { words, listing, layer, example, found, follow, store } = look;
  const of = (name) => found.get(name)?.data[unit];
  const wish = of("wish");
  const isOutput = layer === listing.sizes.length - 1;
  const called = nameOf(listing, layer, unit);
  const name = called ?? (isOutput ? say(words, "wishes.output", { unit }) : unitName(words, listing, layer, unit));
  const pick = make("button", {
    type: "button",
    className: "quiet-button",
    textContent: called ?? unit,
    ariaLabel: name,
    title: name,
    ariaPressed: String(unit === followed),
  });
  pick.dataset.key = `pick${unit}`;
  const bar = make("i", { className: wayOf(wish) });
  bar.style.width = `${largest ? (100 * Math.abs(wish ?? 0)) / largest : 0}%`;
  const line = make(
    "tr",
    { className: unit === followed ? "followed" : "" },
    make("th", { scope: "row" }, pick),
    ...columns.map(([kind, , written]) =>
      make("td", { className: kind, textContent: written(of(kind)), title: full(of(kind)) }),
    ),
    make("td", { className: "wish-bar" }, bar),
    make("td", { className: `wish ${wayOf(wish)}`, textContent: nudge(wish), title: full(wish) }),
  );
  line.addEventListener("click", () => follow(layer, unit));
  return lights(line, store, [{ tensor: `a${layer}`, index: [example, unit] }]);
}

/** A head word by word: its lines may break between words only. */
const wordsOf = (text) =>
  text.split(" ").flatMap((word, i) => [...(i ? [" "] : []), make("span", { textContent: word })]);

/** The list of a layer's wishes. */
export function listOf(look) {
  const { words, listing, layer, t, found } = look;
  if (!layer) return [];
  const wish = found.get("wish")?.data;
  const followed = found.get("neuron")?.data[0];
  const count = listing.sizes[layer];
  const units = unitsOf(wish, count, followed);
  const columns = columnsOf(look);
  const largest = wish
    ? wish.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0)
    : 0;
  const heads = ["unit", ...columns.map(([kind]) => kind)].map((kind) =>
    make("th", { scope: "col", className: kind }, ...wordsOf(say(words, `wishes.head.${kind}`))),
  );
  const table = make(
    "table",
    { className: `wish-list ${columns.length > 3 ? "many" : ""} ${nameOf(listing, layer, 0) === null ? "" : "named"}` },
    make(
      "thead",
      {},
      make("tr", {}, ...heads, make("th", { scope: "col", colSpan: 2 }, ...wordsOf(say(words, "wishes.head.wish")))),
    ),
    make("tbody", {}, ...units.map((unit) => row(look, columns, unit, followed, largest))),
  );
  table.ariaLabel = say(words, "wishes.list", { layer });
  const more =
    units.length < count
      ? [make("p", { className: "quiet", textContent: say(words, "wishes.strongest", { shown: units.length, count }) })]
      : [];
  const later = wish
    ? []
    : [make("p", { className: "quiet", textContent: computedBy(words, listing, t, `delta${layer}`) })];
  return [table, ...more, ...later];
}

/** What else there is to know about how this layer's wishes came about. */
export function notesOf({ words, listing, layer, t }) {
  const { experiment, program } = locate(listing, t).segment;
  const equation = program.find(({ writes }) => writes.includes(`delta${layer}`))?.equation;
  const normalized = [layer, layer + 1].filter((each) => experiment.layers[each - 1]?.batch_norm);
  return [
    ...normalized.map((each) => say(words, "wishes.batch_norm", { layer: each })),
    ...(layer && experiment.layers[layer]?.residual ? [say(words, "wishes.skip.says", { layer: layer + 1 })] : []),
    ...(`wishes.by.${equation}` in words ? [say(words, `wishes.by.${equation}`)] : []),
  ].map((textContent) => make("p", { textContent }));
}
