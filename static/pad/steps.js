// The steps from the drawing to what the network sees, as small pictures, and the answers to it as drawn and as centred.

import { make } from "../base/dom.js";
import { alike } from "../base/numbers.js";
import { say } from "../base/words.js";

const SIDE = 28;
const PAD = 140; // pixels of the drawing that is sent, in which the box is told
const NAMES = ["raw", "box", "fitted", "placed"];
const WAYS = { drawn: false, centred: true };

/** Paint a tensor of ink into a square of `size` pixels, with so many of its pixels on a side, its corner at (x, y). */
function paintInk(context, { shape: [height, width], data }, { size, side, x = 0, y = 0 }, colour) {
  const cell = size / side;
  context.fillStyle = colour;
  for (let k = 0; k < height * width; k++) {
    if (!data[k]) continue;
    context.globalAlpha = data[k];
    context.fillRect((x + (k % width)) * cell, (y + Math.floor(k / width)) * cell, cell, cell);
  }
  context.globalAlpha = 1;
}

function paintBox(context, [top, left, bottom, right], scale, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.strokeRect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
}

function paintCross(context, x, y, reach, colour, width = 1) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x - reach, y);
  context.lineTo(x + reach, y);
  context.moveTo(x, y - reach);
  context.lineTo(x, y + reach);
  context.stroke();
}

/** The centre of mass, which must be seen on ink and on paper. */
function paintCentre(context, x, y, { paper, now }) {
  paintCross(context, x, y, 9, paper, 5);
  paintCross(context, x, y, 8, now, 2);
}

/** The pictures by name, each a function of (context, size, tensors, colours). */
const PICTURES = {
  raw: (context, size, { raw }, { ink }) => paintInk(context, raw, { size, side: SIDE }, ink),
  box(context, size, { raw, box }, { ink, now }) {
    paintInk(context, raw, { size, side: SIDE }, ink);
    paintBox(context, box.data, size / PAD, now);
  },
  fitted(context, size, { fitted, centre }, colours) {
    const [height, width] = fitted.shape;
    const [x, y] = [(SIDE - width) / 2, (SIDE - height) / 2];
    paintInk(context, fitted, { size, side: SIDE, x, y }, colours.ink);
    const cell = size / SIDE;
    paintBox(context, [4, 4, 24, 24], cell, colours.rule);
    paintCentre(context, (x + centre.data[1]) * cell, (y + centre.data[0]) * cell, colours);
  },
  placed(context, size, { placed, centre, corner }, colours) {
    paintInk(context, placed, { size, side: SIDE }, colours.ink);
    const cell = size / SIDE;
    paintCross(context, size / 2, size / 2, size, colours.rule);
    paintCentre(context, (corner.data[1] + centre.data[1]) * cell, (corner.data[0] + centre.data[0]) * cell, colours);
  },
};

export function mount(root, { store, colours }) {
  const figures = NAMES.map((name) => {
    const canvas = make("canvas", { width: 112, height: 112 });
    canvas.setAttribute("role", "img");
    const caption = make("figcaption");
    return { name, canvas, caption, element: make("figure", {}, canvas, caption) };
  });
  const ways = Object.entries(WAYS).map(([name, centred]) => {
    const button = make("button", { type: "button" });
    button.addEventListener("click", () => store.set({ centred }));
    return { name, centred, button };
  });
  const said = make("p", { className: "quiet" });
  const group = make("div", { className: "ways", role: "group" }, ...ways.map(({ button }) => button));
  const row = make("div", { className: "steps" }, ...figures.map(({ element }) => element));
  root.append(row, group, said);

  function showWays({ words, centred, reading }) {
    group.setAttribute("aria-label", say(words, "pad.ways"));
    const found = ways.map(({ name }, place) => {
      const output = reading?.tensors.get(`as_${name}`)?.data;
      return output?.[reading.facts.ways?.[place]?.best];
    });
    const values = alike(found);
    for (const [place, way] of ways.entries()) {
      const { best, unsure } = reading?.facts.ways?.[place] ?? {};
      const answer =
        found[place] !== undefined
          ? say(words, unsure ? "pad.way.unsure" : "pad.way.answer", { digit: best, value: values[place] })
          : "—";
      way.button.replaceChildren(
        make("span", { textContent: say(words, `pad.way.${way.name}`) }),
        make("b", { textContent: answer }),
      );
      way.button.setAttribute("aria-pressed", String(way.centred === centred));
    }
  }

  function show(state) {
    const { words, reading, centred } = state;
    const tensors = reading && Object.fromEntries(reading.tensors);
    for (const { name, canvas, caption, element } of figures) {
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, canvas.width, canvas.height);
      caption.textContent = say(words, `pad.step.${name}`);
      canvas.setAttribute("aria-label", caption.textContent);
      element.classList.toggle("used", Boolean(tensors?.raw) && name === (centred ? "placed" : "raw"));
      if (tensors?.raw) PICTURES[name](context, canvas.width, tensors, colours());
    }
    showWays(state);
    row.hidden = group.hidden = Boolean(tensors && !tensors.raw);
    said.textContent = !reading
      ? say(words, "pad.steps.empty")
      : !tensors.raw
        ? say(words, "pad.steps.image")
        : say(words, centred ? "pad.steps.centred" : "pad.steps.drawn");
  }

  return { show };
}
