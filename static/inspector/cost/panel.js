// The panel of cost: a table of all phases and layers, and what it means.

import { make } from "../../base/dom.js";
import { count, precise } from "../../base/numbers.js";
import { refusal, say } from "../../base/words.js";
import { measure } from "./measure.js";

const COLUMNS = ["phase", "multiply_adds", "others", "time"];
const UNITS = [
  ["s", 1],
  ["ms", 1e-3],
  ["us", 1e-6],
];
const BYTES = [
  ["mb", 1e6],
  ["kb", 1e3],
  ["b", 1],
];
const DIGITS = 3;

/** A number with the largest of these units that it reaches. */
function inUnit(words, value, units) {
  const [name, size] = units.find((each) => value >= each[1]) ?? units.at(-1);
  const number = value / size;
  const text = Number.isInteger(number) || number >= 1000 ? count(Math.round(number)) : precise(number, DIGITS);
  return say(words, `unit.${name}`, { number: text });
}

const time = (words, seconds) => inUnit(words, seconds, UNITS);
const bytes = (words, number) => inUnit(words, number, BYTES);
const quiet = (textContent) => make("p", { className: "quiet", textContent });
const paragraph = (textContent) => make("p", { textContent });

/** What a row of the table is about. */
const partOf = (words, { phase, layer }) => {
  const name = say(words, `phase.${phase}`);
  return layer === undefined
    ? say(words, "cost.sum", { phase: name })
    : layer
      ? say(words, "cost.part", { phase: name, layer })
      : name;
};

/** The rows: those of each phase, and where it has several, their sum. */
function rowsOf({ layers, phases }, mini) {
  return Object.entries(phases).flatMap(([phase, sum]) => {
    const own = layers.filter((each) => each.phase === phase);
    const secondsOf = ({ layer }) => mini?.layers.find((each) => each.phase === phase && each.layer === layer)?.seconds;
    const rows = own.map((each) => ({ ...each, seconds: secondsOf(each) }));
    return own.length > 1 ? [...rows, { phase, ...sum, seconds: mini?.phases[phase] }] : rows;
  });
}

function table(words, found, mini) {
  const cell = (name) => make("th", { scope: "col", textContent: say(words, `cost.${name}`) });
  const rows = rowsOf(found, mini).map((row) =>
    make(
      "tr",
      { className: row.layer === undefined ? "whole" : "" },
      make("th", { scope: "row", textContent: partOf(words, row) }),
      ...[count(row.multiply_adds), count(row.others), row.seconds ? time(words, row.seconds) : "–"].map(
        (textContent) => make("td", { textContent }),
      ),
    ),
  );
  return make("table", {}, make("thead", {}, make("tr", {}, ...COLUMNS.map(cell))), make("tbody", {}, ...rows));
}

/** What follows from the counts alone. */
function counted(words, { phases, kept, examples }) {
  const ratio = phases.backward.multiply_adds / phases.forward.multiply_adds;
  const memory = { all: bytes(words, kept.all), least: bytes(words, kept.recomputed), examples: count(examples) };
  return [
    quiet(say(words, "cost.ratio", { ratio: precise(ratio, DIGITS) })),
    make("h3", { textContent: say(words, "cost.kept") }),
    paragraph(say(words, "cost.kept.says", memory)),
    quiet(
      kept.apart
        ? say(words, "cost.recomputed", { ...memory, apart: kept.apart, again: count(kept.again) })
        : say(words, "cost.recomputed.none"),
    ),
  ];
}

/** What is compared with the gradient: its counts, and once measured the times. */
function compared(words, found, measured) {
  const { parameters, differences, examples, full_batch: all } = found;
  const heading = (name) => make("h3", { textContent: say(words, name) });
  const parts = [
    heading("cost.differences"),
    paragraph(say(words, "cost.differences.says", { parameters: count(parameters), passes: count(differences) })),
  ];
  if (!measured) return parts;
  const { mini, loop, full } = measured;
  const seconds = (value) => time(words, value);
  return [
    ...parts,
    quiet(
      say(words, "cost.differences.time", {
        time: seconds(mini.differences),
        step: seconds(mini.phases.forward + mini.phases.loss + mini.phases.backward),
      }),
    ),
    heading("cost.batch"),
    paragraph(
      say(words, "cost.batch.says", {
        mini: seconds(mini.total),
        examples: count(examples),
        full: seconds(full.whole),
        all: count(all),
        steps: count(Math.max(1, Math.round(full.whole / mini.total))),
      }),
    ),
    ...(full.parts < full.of ? [quiet(say(words, "cost.batch.part", { parts: full.parts, of: full.of }))] : []),
    heading("cost.loop"),
    paragraph(
      say(words, "cost.loop.says", {
        layer: loop.layer,
        loop: seconds(loop.loop),
        product: seconds(loop.product),
        ratio: precise(loop.loop / loop.product, DIGITS),
      }),
    ),
    ...(loop.neurons < loop.of
      ? [quiet(say(words, "cost.loop.part", { neurons: count(loop.neurons), of: count(loop.of) }))]
      : []),
  ];
}

/** Set up the view in `root`. */
export function mount(root, { store, ask }) {
  const body = make("div", { className: "cost-parts" });
  const button = make("button", { type: "button" });
  const told = make("p", { className: "quiet", role: "status" });
  root.append(make("div", { className: "measure" }, button, told), body);
  let [measured, found, busy, wrong] = [null, null, false, null];
  let last = [];

  function show({ words, listing }, answer) {
    if (answer) ({ found } = answer);
    const now = [words, listing, measured, busy, wrong, JSON.stringify(found)];
    if (now.every((each, i) => each === last[i])) return;
    last = now;
    button.textContent = say(words, measured ? "cost.again" : "cost.measure");
    button.title = say(words, "cost.measure.hint");
    told.textContent = busy
      ? say(words, "cost.measuring")
      : wrong
        ? refusal(words, wrong)
        : measured
          ? say(words, "cost.measured", { rounds: count(measured.mini.rounds) })
          : "";
    body.replaceChildren(
      ...(found
        ? [table(words, found, measured?.mini), ...counted(words, found), ...compared(words, found, measured)]
        : []),
    );
  }

  async function begin() {
    const { moment, listing } = store.get();
    if (busy || !moment) return;
    [busy, wrong] = [true, null];
    show(store.get());
    const terms = { t: moment.t, of: "run" };
    const result = await measure(
      (question) => ask(question, terms),
      () => performance.now(),
    );
    busy = false;
    wrong = result?.refused ?? null;
    measured = result?.mini && store.get().listing === listing ? result : null;
    show(store.get());
  }

  button.addEventListener("click", begin);
  store.on(["listing"], (state) => {
    [measured, found, wrong] = [null, null, null];
    show(state);
  });
  return { show };
}
