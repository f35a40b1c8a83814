// The ink: where more of it would raise or lower a digit, over the drawing, and a picture of it pixel by pixel.

import { createCells, MARGIN } from "../tensor/cells.js";
import { nudgeColour } from "../base/colours.js";
import { make, shownIn } from "../base/dom.js";
import { paintHatching, reach } from "../draw/matrix.js";
import { roundScale, scale, signed } from "../base/numbers.js";
import { paintPixels } from "./strokes.js";
import { say } from "../base/words.js";

const SIDE = 28;
const PAD = 140; // pixels of the drawing that is sent, in which its box is told
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
const [SMALLEST, LARGEST, CHOICE] = [4, 8, 76]; // pixels of a cell, and beside the picture

const saliencyOf = ({ reading }) => reading?.tensors.get("da0") ?? null;
const shareOf = (value, full) => (Number.isFinite(value) ? Math.min(1, Math.abs(value) / full) : 1);

/** Where the network's picture lies on the pad, as shares of its side: its corner, and how wide and high it is. */
function grid({ tensors }, centred) {
  if (!centred || !tensors.has("box")) return { x: 0, y: 0, wide: 1, high: 1 };
  const [[top, left, bottom, right], [height, width], [row, column]] = [
    tensors.get("box").data,
    tensors.get("fitted").shape,
    tensors.get("corner").data,
  ];
  const [wide, high] = [(right - left) / PAD / width, (bottom - top) / PAD / height];
  return { x: left / PAD - column * wide, y: top / PAD - row * high, wide: SIDE * wide, high: SIDE * high };
}

const FAINT = 0.05; // of full colour: what is fainter is not seen to say anything, over the ink

/** The values, without those that are painted too faintly to be hatched. */
const strong = (data, most) => data.map((value) => (shareOf(value, most) < FAINT ? 0 : value));

const full = (tensor) => roundScale(reach(tensor.data));

/** A mark for each pixel of the picture. */
function marksOf(tensor, colours) {
  const most = full(tensor);
  return Array.from(tensor.data, (value, k) => ({
    kind: "saliency",
    tensor: "drawing.da0",
    index: [0, k],
    value,
    colour: nudgeColour(colours, value),
    size: shareOf(value, most),
  }));
}

/** Paint the rim of the drawing, where ink begins, to lie on top of the cells. */
function paintRim(canvas, { data }, cell, colour) {
  const inked = (row, column) =>
    row >= 0 && column >= 0 && row < SIDE && column < SIDE && data[row * SIDE + column] > 0.3;
  const context = shownIn(canvas, SIDE * cell + 2 * MARGIN);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let row = 0; row <= SIDE; row++) {
    for (let column = 0; column <= SIDE; column++) {
      const [x, y] = [MARGIN + column * cell, MARGIN + row * cell];
      if (inked(row, column) !== inked(row - 1, column)) context.rect(x, y, cell, 0);
      if (inked(row, column) !== inked(row, column - 1)) context.rect(x, y, 0, cell);
    }
  }
  context.stroke();
}

/** Which colour raises and which lowers a digit. */
const sentence = (words, digit) => [
  make("b", { className: "up", textContent: say(words, "pad.ink.up") }),
  ` ${say(words, "pad.ink.raises", { digit })} `,
  make("b", { className: "down", textContent: say(words, "pad.ink.down") }),
  ` ${say(words, "pad.ink.lowers")}`,
];

export function mount(root, { store, colours }) {
  const said = make("p", { className: "quiet" });
  const readout = make("p", { className: "quiet" });
  const cells = createCells({ pointed: (index) => tell(store.get(), index) });
  const outline = make("canvas", { className: "outline" });
  const buttons = DIGITS.map((digit) => {
    const button = make("button", { type: "button", textContent: digit });
    button.addEventListener("click", () => store.set({ target: digit === store.get().target ? null : digit }));
    return button;
  });
  const choice = make("div", { className: "digits", role: "group" }, ...buttons);
  const picture = make("div", { className: "saliency" }, make("div", {}, cells.canvas, outline), choice);
  root.append(said, picture, readout);

  function tell({ words, reading }, index) {
    const tensor = saliencyOf({ reading });
    if (!tensor) return;
    const [row, column] = index ?? [];
    const value = index && tensor.data[row * SIDE + column];
    readout.textContent = index
      ? say(words, "pad.ink.cell", { row, column, value: signed(value), digit: reading.facts.target })
      : say(words, "pad.ink.scale", { scale: scale(full(tensor)) });
    cells.say(say(words, "pad.ink.picture"), readout.textContent);
  }

  function show(state) {
    const { words, reading, target } = state;
    const tensor = saliencyOf(state);
    picture.hidden = readout.hidden = !tensor;
    choice.setAttribute("aria-label", say(words, "pad.ink.digit"));
    buttons.forEach((button, digit) => {
      button.setAttribute("aria-pressed", String(digit === reading?.facts.target));
      button.classList.toggle("kept", digit === target);
    });
    said.replaceChildren(...(tensor ? sentence(words, reading.facts.target) : [say(words, "pad.ink.empty")]));
    if (!tensor) return;
    const cell = Math.max(SMALLEST, Math.min(LARGEST, Math.floor((root.clientWidth - CHOICE - 2 * MARGIN) / SIDE)));
    const size = SIDE * cell + 2 * MARGIN;
    cells.show(
      { shape: [SIDE, SIDE], data: tensor.data },
      { width: size, height: size },
      { cell, colours: colours(), colouring: "against", scale: full(tensor) },
    );
    paintRim(outline, reading.tensors.get("a0"), cell, colours().text);
    tell(state, null);
  }

  /** Over the ink on the pad, pixel by pixel where the network sees it. */
  function paint(context, size, state) {
    const tensor = saliencyOf(state);
    if (!tensor) return;
    const most = full(tensor);
    const tones = colours();
    const { x, y, wide, high } = grid(state.reading, state.centred);
    paintPixels(context, { x: x * size, y: y * size, wide: wide * size, high: high * size }, (pen, k) => {
      pen.globalAlpha = 0.8 * shareOf(tensor.data[k], most) ** 0.6;
      pen.fillStyle = nudgeColour(tones, tensor.data[k]);
    });
    const place = { columns: SIDE, data: strong(tensor.data, most), x: x * size, y: y * size };
    const cell = { width: (wide * size) / SIDE, height: (high * size) / SIDE };
    paintHatching(context, { ...place, ...cell }, { left: 0, right: SIDE, top: 0, bottom: SIDE }, 1, tones.paper);
  }

  store.life.sharpened(() => show(store.get()));
  const marks = (state) => (saliencyOf(state) ? marksOf(saliencyOf(state), colours()) : []);
  return { show, marks, paint, fields: ({ target }) => ({ target }) };
}
