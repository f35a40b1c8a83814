// The digit pad: a drawing goes through the network as it is at this moment, and the outputs answer as bars.

import { palette } from "../colours.js";
import { Lost, Refused } from "../connection.js";
import { plainMark } from "../marks.js";
import { full, hundredths } from "../numbers.js";
import { base64, inkOf, paintStrokes } from "../strokes.js";
import { say } from "../words.js";

const SIDE = 140; // the drawing as it is sent
const PEN = 0.085;
const SEEN = 28;

export function padPanel(root, store, { ask, openDigits }) {
  const pad = root.querySelector("canvas.pad");
  const seen = root.querySelector("canvas.seen");
  const bars = root.querySelector("[data-part=bars]");
  const prediction = root.querySelector("[data-part=prediction]");
  const hint = root.querySelector("[data-part=hint]");
  const clear = root.querySelector("[data-control=clear]");
  const context = pad.getContext("2d");
  let colours = palette();
  let strokes = [];
  let pen = null;
  let answer = null;
  let busy = false;
  let stale = false;

  const reads = ({ listing }) => listing?.sizes[0] === 784 && listing.sizes.at(-1) === 10;

  function drawPad() {
    const size = pad.clientWidth;
    if (!size) return;
    pad.width = pad.height = Math.round(size * devicePixelRatio);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, size, size);
    paintStrokes(context, strokes, size, PEN, colours.ink);
    clear.disabled = strokes.length === 0;
  }

  function drawSeen() {
    const pen28 = seen.getContext("2d");
    pen28.clearRect(0, 0, SEEN, SEEN);
    if (!answer) return;
    for (const mark of seenMarks()) {
      pen28.globalAlpha = mark.value;
      pen28.fillStyle = mark.colour;
      pen28.fillRect(mark.index[1] % SEEN, Math.floor(mark.index[1] / SEEN), 1, 1);
    }
  }

  const seenMarks = () => Array.from(answer.a0.data, (value, k) => ({ kind: "drawing", tensor: "drawing.a0", index: [0, k], value, colour: colours.ink, size: 1 }));

  function barMarks() {
    const best = answer.output.indexOf(Math.max(...answer.output));
    return Array.from(answer.output, (value, digit) => ({
      kind: "bar", tensor: `drawing.${answer.name}`, index: [0, digit], value, best: digit === best,
      colour: digit === best ? colours.now : colours.line, size: Math.max(0, Math.min(1, value)),
    }));
  }

  function showAnswer() {
    const { words, moment } = store.get();
    drawSeen();
    const marks = answer ? barMarks() : [];
    [...bars.children].forEach((row, digit) => {
      const mark = marks[digit];
      row.classList.toggle("best", Boolean(mark?.best));
      row.querySelector("i").style.width = mark ? `${100 * mark.size}%` : "0";
      const number = row.querySelector("output");
      number.textContent = mark ? hundredths(mark.value) : "—";
      number.title = mark ? full(mark.value) : "";
    });
    const best = marks.find((mark) => mark.best);
    prediction.textContent = best ? `${best.index[1]}` : "—";
    prediction.dataset.empty = String(!best);
    hint.textContent = best ? (moment.t === 0 ? say(words, "pad.untrained") : say(words, "pad.at", { value: hundredths(best.value) })) : say(words, "pad.empty");
  }

  async function update() {
    const state = store.get();
    if (!reads(state) || !state.moment) return;
    if (busy) {
      stale = true;
      return;
    }
    if (!strokes.length) {
      answer = null;
      showAnswer();
      return;
    }
    [busy, stale] = [true, false];
    const drawing = strokes;
    try {
      const { tensors } = await ask("predict", state.moment.t, { side: SIDE, ink: base64(inkOf(strokes, SIDE, PEN)) });
      const name = `a${state.listing.sizes.length - 1}`;
      const blank = !tensors.has("a0") || strokes !== drawing || store.get().listing !== state.listing;
      answer = blank ? null : { a0: tensors.get("a0"), name, output: [...tensors.get(name).data] };
      showAnswer();
    } catch (error) {
      if (!(error instanceof Lost || error instanceof Refused)) throw error;
    } finally {
      busy = false;
      if (stale) update();
    }
  }

  const pointOf = (event) => {
    const box = pad.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };

  pad.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    pen = event.pointerId;
    strokes.push([pointOf(event)]);
    drawPad();
    update();
  });
  pad.addEventListener("pointermove", (event) => {
    if (pen !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1).push(...(events.length ? events : [event]).map(pointOf));
    drawPad();
    update();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, (event) => {
      if (pen === event.pointerId) pen = null;
    });
  }
  pad.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
  clear.addEventListener("click", () => {
    strokes = [];
    drawPad();
    update();
  });
  root.querySelector("[data-control=open-digits]").addEventListener("click", openDigits);

  bars.replaceChildren(...Array.from({ length: 10 }, (_, digit) => {
    const row = document.createElement("li");
    row.innerHTML = `<b>${digit}</b><span><i></i></span><output>—</output>`;
    return row;
  }));
  store.on(["listing"], (state) => {
    root.classList.toggle("reads", Boolean(reads(state)));
    answer = null;
    showAnswer();
    drawPad();
  });
  store.on(["moment"], update);
  store.on(["words"], showAnswer);
  store.on(["theme"], () => {
    colours = palette();
    drawPad();
    showAnswer();
  });
  new ResizeObserver(drawPad).observe(pad);
  return { marks: () => (answer && reads(store.get()) ? [...barMarks(), ...seenMarks()].map(plainMark) : []) };
}
