// One arrow, all examples: the nudge of the chosen parameter by each example of the mini-batch, and their mean.

import { channels, palette } from "../../base/colours.js";
import { make, refill } from "../../base/dom.js";
import { alike, count, full, signed } from "../../base/numbers.js";
import { computedBy } from "../../tensor/steps.js";
import { parameterOf } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { arrowOf, wayOf } from "../wishes/names.js";
import { aboutText, labelOf, meanOf, meanText, read } from "./asked.js";

const SIDE = 28;
const PICTURE = SIDE * SIDE;

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

const arrow = (nudge) => arrowOf(nudge) || "·";

/** The bars of a histogram of nudges, each in the colour of its side of 0. */
function histogram(words, { counts, edges, count: total }) {
  const most = Math.max(...counts);
  const bars = Array.from(counts, (number, i) => {
    const bar = make("i", {
      className: wayOf(edges[i] + edges[i + 1]),
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

/** One example: its tick, its looks, its label, its arrow. */
function line(state, { place, nudge, x, y }, { largest, ink, ticked, tick, choose }) {
  const { words, listing, moment, example } = state;
  const name = say(words, "examples.one", { example: place + 1 });
  const box = make("input", {
    type: "checkbox",
    checked: ticked,
    ariaLabel: say(words, "examples.tick", { example: place + 1 }),
  });
  box.dataset.key = `tick ${place}`;
  box.addEventListener("change", () => tick(place, box.checked));
  const button = make(
    "button",
    {
      type: "button",
      className: "looks",
      title: say(words, "examples.choose", { example: place + 1 }),
      ariaLabel: name,
    },
    looks(x, ink),
  );
  button.dataset.key = `looks ${place}`;
  button.addEventListener("click", () => choose(place));
  const bar = make("i", { className: wayOf(nudge) });
  bar.style.width = `${largest ? (100 * Math.abs(nudge)) / largest : 0}%`;
  const item = make(
    "li",
    { className: ticked ? "" : "without" },
    make("label", { className: "tick" }, box),
    button,
    make("span", { className: "label", textContent: `→ ${labelOf(y, listing)}` }),
    make("b", { className: wayOf(nudge), textContent: arrow(nudge) }),
    make("span", { className: "bar" }, bar),
    make("span", { className: "number", textContent: signed(nudge), title: full(nudge) }),
  );
  if (moment.shownExample(example) === place) item.setAttribute("aria-current", "true");
  return item;
}

/** The examples of this mini-batch whose ticks are gone, by their place in it. */
const withoutIn = ({ without }, batch) => new Set(without.batch === batch ? without.places : []);

/** The nudge of the chosen parameter by each example. */
export function mount(root, { store }) {
  const told = make("p", { className: "quiet" });
  const sorted = make("input", { type: "checkbox" });
  const sorting = make("label", { className: "toggle" }, sorted, make("span"));
  const list = make("ul", { className: "per-example" });
  const foot = make("div", { className: "mean" });
  let batch = ""; // which mini-batch and parameter are shown
  root.append(told, sorting, list, foot);

  function tick(place, ticked) {
    const others = [...withoutIn(store.get(), batch)].filter((each) => each !== place);
    store.set({ without: { batch, places: ticked ? others : [...others, place] } });
  }

  /** The mean of what is ticked; of all, it is against the gradient itself. */
  function mean({ words, moment, selected, listing }, answered, without) {
    const tensor = parameterOf(selected.tensor);
    const found = meanOf(answered, without, moment.value(`d${tensor}`, ...selected.index));
    const { value, of } = found;
    const number = make("span", {
      className: `big ${wayOf(value)}`,
      textContent: of ? `${arrow(value)} ${signed(value)}` : "—",
      title: of ? full(value) : "",
    });
    const penalized =
      `g${tensor}` in listing.tensors
        ? [make("p", { className: "quiet", textContent: say(words, "examples.penalty") })]
        : [];
    return [make("p", {}, make("span", { textContent: meanText(words, tensor, found) })), number, ...penalized];
  }

  function nothing(reason) {
    told.textContent = reason;
    sorting.hidden = true;
    list.replaceChildren();
    foot.replaceChildren();
  }

  function show(state, answer) {
    const { words, selected, listing, moment } = state;
    const tensor = selected && listing && moment && parameterOf(selected.tensor);
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
    batch = `${tensor}:${selected.index}:${locate(listing, answer.t).trainingStep}`;
    const without = withoutIn(state, batch);
    told.textContent = aboutText(words, tensor, selected.index, listing.experiment.layers);
    sorting.hidden = false;
    sorting.lastChild.textContent = say(words, "examples.sort");
    sorted.checked = state.sorted;
    const shown = state.sorted ? found.examples.toSorted((a, b) => b.nudge - a.nudge) : found.examples;
    const largest = Math.max(...found.examples.map(({ nudge }) => Math.abs(nudge)));
    const choose = (example) => store.set({ example });
    const look = { largest, ink: palette(root).ink, tick, choose };
    refill(list, ...shown.map((each) => line(state, each, { ...look, ticked: !without.has(each.place) })));
    refill(foot, ...(found.rest.count ? [histogram(words, found.rest)] : []), ...mean(state, found, without));
  }

  sorted.addEventListener("change", () => store.set({ sorted: sorted.checked }));
  return { show };
}
