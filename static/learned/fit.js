// Values against what they should be, and the examples that are farthest off.

import { palette } from "../base/colours.js";
import { paintFit } from "../draw/predictions.js";
import { rangeOf } from "../draw/plane.js";
import { make, refill, sized } from "../base/dom.js";
import { worst } from "./predictions.js";
import { alike, brief, signed } from "../base/numbers.js";
import { say } from "../base/words.js";
import { createInputs } from "./inputs.js";
import { rowButton, table } from "./table.js";

const LISTED = 12;
const INPUTS = 4; // that are named

/** A row of inputs in brackets. */
const inBrackets = (x) => (x ? `(${alike(x.subarray(0, INPUTS)).join(", ")}${x.length > INPUTS ? ", …" : ""})` : "—");

/** A mark for each answer. */
const marksOf = ({ predictions }, colour) =>
  (predictions?.rows.row ?? []).map((row, i) => ({
    kind: "fit",
    tensor: "answer",
    index: [row],
    value: predictions.rows.answer[i],
    colour,
    size: 3,
  }));

export function fitPart(root, store, { ask, show }) {
  const title = make("h3");
  const choice = make("select");
  const canvas = make("canvas", { role: "img" });
  const key = make("p", { className: "quiet" });
  const second = make("h3");
  const list = make("div", { className: "scroll" });
  const across = make("small", { className: "axis-x" });
  const up = make("small", { className: "axis-y" });
  const ends = [make("small"), make("small")];
  root.append(
    make(
      "div",
      { className: "fitted" },
      make("div", { className: "heading" }, title, choice),
      make(
        "div",
        { className: "axes" },
        up,
        make("div", { className: "square" }, canvas),
        make("div", { className: "ends" }, ends[0], across, ends[1]),
      ),
      key,
    ),
    make("div", { className: "off" }, second, list),
  );
  const inputs = createInputs(ask, show);
  let chosen = null;
  let picture = null; // what is drawn

  choice.addEventListener("change", () => store.set({ output: Number(choice.value) }));
  store.life.resized(() => draw(store.get()), canvas);

  function draw({ predictions }) {
    const size = canvas.clientWidth;
    if (!size || root.hidden) return;
    const { target, answer, row } = predictions?.rows ?? { target: [], answer: [], row: [] };
    const range = rangeOf([...target, ...answer].filter(Number.isFinite));
    const points = target.map((value, i) => ({ target: value, answer: answer[i], chosen: row[i] === chosen }));
    const sorted = points.toSorted((a, b) => a.chosen - b.chosen);
    const place = { range, width: size, height: size, colours: palette(root) };
    const paint = (/** @type {any} */ context) => paintFit(context, sorted, place);
    picture = { name: "fit", word: "learned.fit", width: size, height: size, paint };
    paint(sized(canvas, size));
    [ends[0].textContent, ends[1].textContent] = target.length ? alike([range.low, range.high]) : ["", ""];
  }

  return {
    show(state) {
      const { words, listing, predictions, output } = state;
      const outputs = listing.sizes.at(-1);
      choice.hidden = outputs < 2;
      choice.ariaLabel = say(words, "learned.output");
      choice.replaceChildren(
        ...Array.from({ length: Math.min(outputs, 64) }, (_, unit) =>
          make("option", { value: unit, textContent: say(words, "plane.output_unit", { unit }) }),
        ),
      );
      choice.value = String(output);
      title.textContent = say(words, "learned.fit");
      across.textContent = [say(words, "learned.fit.target"), listing.target].filter(Boolean).join(" · ");
      up.textContent = say(words, "learned.fit.answer");
      key.textContent = say(words, "learned.fit.says");
      second.textContent = say(words, "learned.off");
      canvas.ariaLabel = say(words, "learned.fit.label");
      const found = predictions ? worst(predictions, () => true, LISTED) : [];
      const xs = inputs.of(
        state,
        found.map(({ row }) => row),
      );
      const heads = ["input", "target", "answer", "off"].map((name) => say(words, `learned.column.${name}`));
      const lines = found.map((each, i) => {
        const button = rowButton(inBrackets(xs[i]), each.row, each.row === chosen, () => {
          chosen = chosen === each.row ? null : each.row;
          show();
        });
        return [button, brief(each.target), brief(each.answer), signed(each.answer - each.target)];
      });
      refill(
        list,
        predictions
          ? table(heads, lines)
          : make("p", { className: "quiet", textContent: say(words, "learned.counting") }),
      );
      draw(state);
    },
    marks: (state) => marksOf(state, palette(root).second),
    pictures: () => (picture ? [picture] : []),
  };
}
