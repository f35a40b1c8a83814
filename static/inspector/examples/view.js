// One arrow, all examples: what each example of the mini-batch asks of the chosen parameter. Their mean is the gradient.

import { channels, palette } from "../../base/colours.js";
import { make, refill } from "../../base/dom.js";
import { alike, count, full, signed } from "../../base/numbers.js";
import { LETTERS } from "../../tensor/parameter.js";
import { computedBy } from "../../tensor/steps.js";
import { cellName, parameterOf, split } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { arrowOf, wayOf } from "../wishes/names.js";

const SIDE = 28;
const PICTURE = SIDE * SIDE;

/** The rows of a matrix of an answer. */
const rowsOf = ({ shape: [rows, columns], data }) =>
  Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));

/** An answer as a list of examples, {place, push, x, y}, and what the rest come to. */
function read({ tensors }) {
  const [push, place, x, y] = ["push", "example", "x", "y"].map((name) => tensors.get(name));
  const [xs, ys] = [rowsOf(x), rowsOf(y)];
  const examples = Array.from(push.data, (value, i) => ({ place: place.data[i], push: value, x: xs[i], y: ys[i] }));
  const counts = tensors.get("rest_counts").data;
  const rest = {
    counts,
    edges: tensors.get("rest_edges").data,
    sum: tensors.get("rest_sum").data[0],
    count: counts.reduce((sum, each) => sum + each, 0),
  };
  return { examples, rest };
}

/** A drawing of 28 x 28 numbers in this ink. */
function picture(x, ink) {
  const canvas = make("canvas", { width: SIDE, height: SIDE });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(SIDE, SIDE);
  x.forEach((value, k) => image.data.set([...channels(ink), 255 * Math.min(1, Math.abs(value))], 4 * k));
  pen.putImageData(image, 0, 0);
  return canvas;
}

/** What an example looks like: a picture, or its numbers. */
const looks = (x, ink) =>
  x.length === PICTURE
    ? picture(x, ink)
    : make("span", { textContent: alike(x.subarray(0, 4)).join(", ") + (x.length > 4 ? ", …" : "") });

/** What it should come to: its class where the targets are of classes, else the targets. */
const label = (y) =>
  y.length > 2 && y.every((value) => value === 0 || value === 1)
    ? String(y.indexOf(1))
    : alike(y.subarray(0, 4)).join(", ");

const way = (push) => wayOf(-push); // a push is a gradient, and the parameter goes against it
const arrow = (push) => arrowOf(-push) || "·";

/** The bars of a histogram of pushes, each in the colour of its side of 0. */
function histogram(words, { counts, edges, count: total }) {
  const most = Math.max(...counts);
  const bars = Array.from(counts, (number, i) => {
    const bar = make("i", {
      className: way(edges[i] + edges[i + 1]),
      title: say(words, "examples.bin", { count: count(number), low: signed(edges[i]), high: signed(edges[i + 1]) }),
    });
    bar.style.height = `${(100 * number) / most}%`;
    return bar;
  });
  return make(
    "figure",
    { className: "histogram" },
    make("div", { role: "img", ariaLabel: say(words, "examples.rest", { count: count(total) }) }, ...bars),
    make(
      "p",
      { className: "ends" },
      make("small", { textContent: signed(edges[0]) }),
      make("small", { textContent: signed(edges.at(-1)) }),
    ),
    make("figcaption", { className: "quiet", textContent: say(words, "examples.rest", { count: count(total) }) }),
  );
}

/** What each example asks of the chosen parameter. */
function question({ selected }) {
  const tensor = selected && parameterOf(selected.tensor);
  return tensor ? { question: "pushes", tensor, index: selected.index } : null;
}

function mount(root, { store }) {
  const told = make("p", { className: "quiet" });
  const sorted = make("input", { type: "checkbox" });
  const sorting = make("label", { className: "toggle" }, sorted, make("span"));
  const list = make("ul", { className: "pushes" });
  const foot = make("div", { className: "mean" });
  const without = new Set(); // the examples whose ticks are gone, by their place in the mini-batch
  let subject = ""; // which mini-batch and parameter they belong to
  let last = null;
  root.append(told, sorting, list, foot);

  /** One example: its tick, its looks, its label, its arrow. */
  function line(state, { place, push, x, y }, largest) {
    const { words, moment, example } = state;
    const name = say(words, "examples.one", { example: place + 1 });
    const tick = make("input", {
      type: "checkbox",
      checked: !without.has(place),
      ariaLabel: say(words, "examples.tick", { example: place + 1 }),
    });
    tick.dataset.key = `tick ${place}`;
    tick.addEventListener("change", () => {
      if (tick.checked) without.delete(place);
      else without.add(place);
      show(store.get(), last);
    });
    const button = make(
      "button",
      {
        type: "button",
        className: "looks",
        title: say(words, "examples.choose", { example: place + 1 }),
        ariaLabel: name,
      },
      looks(x, palette(root).ink),
    );
    button.dataset.key = `looks ${place}`;
    button.addEventListener("click", () => store.set({ example: place }));
    const bar = make("i", { className: way(push) });
    bar.style.width = `${largest ? (100 * Math.abs(push)) / largest : 0}%`;
    const item = make(
      "li",
      { className: without.has(place) ? "without" : "" },
      make("label", { className: "tick" }, tick),
      button,
      make("span", { className: "label", textContent: `→ ${label(y)}` }),
      make("b", { className: way(push), textContent: arrow(push) }),
      make("span", { className: "bar" }, bar),
      make("span", { className: "number", textContent: signed(push), title: full(push) }),
    );
    if (moment.shownExample(example) === place) item.setAttribute("aria-current", "true");
    return item;
  }

  /** The mean of what is ticked; of all, it is the gradient itself. */
  function mean({ words, moment, selected, listing }, { examples, rest }) {
    const tensor = parameterOf(selected.tensor);
    const ticked = examples.filter(({ place }) => !without.has(place));
    const [of, all] = [ticked.length + rest.count, examples.length + rest.count];
    const sum = ticked.reduce((total, { push }) => total + push, rest.sum);
    const value = of === all ? (moment.value(`d${tensor}`, ...selected.index) ?? sum / all) : sum / of;
    const letter = LETTERS[split(tensor)[0]];
    const number = make("span", {
      className: `big ${way(value)}`,
      textContent: of ? `${arrow(value)} ${signed(value)}` : "—",
      title: of ? full(value) : "",
    });
    const text =
      of === all
        ? say(words, "examples.mean", { count: count(all), letter })
        : say(words, "examples.mean.some", { count: count(of), of: count(all) });
    const penalized =
      `g${tensor}` in listing.tensors
        ? [make("p", { className: "quiet", textContent: say(words, "examples.penalty") })]
        : [];
    return [make("p", {}, make("span", { textContent: text })), number, ...penalized];
  }

  function nothing(text) {
    told.textContent = text;
    sorting.hidden = true;
    list.replaceChildren();
    foot.replaceChildren();
  }

  function show(state, answer) {
    const { words, selected, listing, moment } = state;
    const tensor = selected && listing && moment && parameterOf(selected.tensor);
    last = answer;
    if (!tensor) {
      nothing(say(words, "examples.empty"));
      return;
    }
    if (!answer) return;
    if (!answer.found.tensors.size) {
      nothing(`${say(words, "why.not_yet")} ${computedBy(words, listing, moment.t, `d${tensor}`)}`);
      return;
    }
    const found = read(answer.found);
    const batch = `${tensor}:${selected.index}:${locate(listing, answer.t).trainingStep}`;
    if (subject !== batch) without.clear();
    subject = batch;
    const interacts = listing.experiment.layers.slice(split(tensor)[1] - 1).some(({ batch_norm }) => batch_norm);
    told.textContent = [
      say(words, "examples.says", { name: cellName(tensor, selected.index) }),
      interacts ? say(words, "examples.interact") : "",
    ].join(" ");
    sorting.hidden = false;
    sorting.lastChild.textContent = say(words, "examples.sort");
    sorted.checked = state.sorted;
    const shown = state.sorted ? found.examples.toSorted((a, b) => b.push - a.push) : found.examples;
    const largest = Math.max(...found.examples.map(({ push }) => Math.abs(push)));
    refill(list, ...shown.map((each) => line(state, each, largest)));
    refill(foot, ...(found.rest.count ? [histogram(words, found.rest)] : []), ...mean(state, found));
  }

  sorted.addEventListener("change", () => store.set({ sorted: sorted.checked }));
  return { show };
}

/** @type {import("../../base/feature.js").Feature} */
export const examples = { name: "examples", watches: ["selected", "example", "sorted"], question, mount };
