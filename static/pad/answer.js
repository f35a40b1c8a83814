// The answer: the ten output activations as bars.

import { make } from "../base/dom.js";
import { alike, full } from "../base/numbers.js";
import { say } from "../base/words.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/** The bars as marks, cut off at 0 and 1 where an output is no share. */
function barMarks({ output, depth, best }, colours) {
  return Array.from(output, (value, digit) => ({
    kind: "bar",
    tensor: `drawing.a${depth}`,
    index: [0, digit],
    value,
    colour: digit === best ? colours.now : colours.line,
    size: Math.max(0, Math.min(1, value)),
  }));
}

export function mount(root, { colours }) {
  const rows = DIGITS.map((digit) =>
    make(
      "li",
      {},
      make("b", { textContent: digit }),
      make("span", {}, make("i")),
      make("output", { textContent: "—" }),
    ),
  );
  const list = make("ol", { className: "bars" }, ...rows);
  root.append(list);

  const marks = ({ reading }) => (reading ? barMarks(reading, colours()) : []);

  function show(state) {
    const drawn = marks(state);
    const texts = alike(drawn.map(({ value }) => value));
    list.setAttribute("aria-label", say(state.words, "pad.bars"));
    rows.forEach((row, digit) => {
      const mark = drawn[digit];
      row.classList.toggle("best", state.reading?.best === digit);
      row.querySelector("i").style.width = mark ? `${100 * mark.size}%` : "0";
      const number = row.querySelector("output");
      number.textContent = texts[digit] ?? "—";
      number.title = mark ? full(mark.value) : "";
    });
  }

  return { show, marks };
}
