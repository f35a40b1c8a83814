// The plane panel: points of the data, and what the network, or one neuron of it, answers over all inputs.

import { channels, mix, palette } from "../colours.js";
import { Lost, Refused } from "../connection.js";
import { roundScale } from "../numbers.js";
import { say } from "../words.js";

const POINTS = { 1: 160, 2: 48 };
const PLAYING_WAIT = 60;

/** The range of inputs to show: that of the data, and some room around it. */
export function rangeOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const room = Math.max(0.25 * (high - low), 0.25);
  return { low: low - room, high: high + room, least: low, most: high };
}

/** How an answer is coloured: around which value, and how far from it the colour is full. */
function toneOf({ listing }, layer, values) {
  const output = layer === listing.sizes.length - 1;
  if (output && listing.kind === "classes") return { centre: 0.5, reach: 0.5 };
  return { centre: 0, reach: roundScale(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) };
}

export function planePanel(root, store, ask) {
  const canvas = root.querySelector("canvas");
  const choice = root.querySelector("select");
  const context = canvas.getContext("2d");
  const sheet = document.createElement("canvas");
  let colours = palette();
  let data = null;
  let answer = null;
  let busy = false;
  let stale = false;
  let last = 0;

  const shows = ({ listing }) => listing && listing.sizes[0] <= 2;

  /** The neuron whose answer is shown: the one pointed at, else the chosen one. */
  function target({ hovered, listing }) {
    if (hovered?.kind === "activation" && hovered.layer > 0) return { layer: hovered.layer, unit: hovered.unit };
    const [layer, unit] = choice.value.split(".").map(Number);
    if (choice.value && layer < listing.sizes.length && unit < listing.sizes[layer]) return { layer, unit };
    return { layer: listing.sizes.length - 1, unit: listing.sizes.at(-1) - 1 };
  }

  function fillChoice({ listing, words }, kept = null) {
    const depth = listing.sizes.length - 1;
    const options = [];
    for (let layer = depth; layer > 0; layer--) {
      for (let unit = 0; unit < Math.min(listing.sizes[layer], 32); unit++) {
        const single = layer === depth && listing.sizes[depth] === 1;
        const text = single ? say(words, "plane.output") : say(words, layer === depth ? "plane.output_unit" : "plane.neuron", { layer, unit });
        options.push(new Option(text, `${layer}.${unit}`));
      }
    }
    choice.replaceChildren(...options);
    choice.value = options.some(({ value }) => value === kept) ? kept : `${depth}.${listing.sizes[depth] - 1}`;
  }

  async function loadData(state) {
    data = answer = null;
    if (!shows(state)) return;
    fillChoice(state);
    const { listing } = state;
    const reply = await quiet(() => ask("examples", 0, {}));
    if (!reply || store.get().listing !== listing) return;
    const tensor = (name) => reply.tensors.get(name);
    data = { inputs: listing.sizes[0], splits: ["training", "held_out"].map((split) => ({ split, x: tensor(`x_${split}`), y: tensor(`y_${split}`) })) };
    data.range = rangeOf(data.splits.flatMap(({ x }) => [...x.data]));
    data.heights = rangeOf(data.splits.flatMap(({ y }) => [...y.data]));
    update();
  }

  async function quiet(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Lost || error instanceof Refused) return null;
      throw error;
    }
  }

  async function update() {
    const state = store.get();
    if (!data || !state.moment || !shows(state)) return;
    if (busy) {
      stale = true;
      return;
    }
    busy = true;
    stale = false;
    const { layer, unit } = target(state);
    const { t } = state.moment;
    const points = POINTS[data.inputs];
    const reply = await quiet(() => ask("response", t, { layer, unit, low: data.range.low, high: data.range.high, points }));
    if (reply && state.listing === store.get().listing) {
      const { shape, data: values } = reply.tensors.get("response");
      answer = { t, layer, unit, shape, values, tone: toneOf(state, layer, values) };
      draw();
    }
    const wait = store.get().playing ? Math.max(0, last + PLAYING_WAIT - performance.now()) : 0;
    last = performance.now() + wait;
    setTimeout(() => {
      busy = false;
      if (stale) update();
    }, wait);
  }

  const share = (value, { low, high }) => (value - low) / (high - low);
  const classColour = (value) => (value > 0.5 ? colours.second : colours.first);

  function cellColour(value) {
    const { centre, reach } = answer.tone;
    if (!Number.isFinite(value)) return colours.now;
    const part = Math.max(-1, Math.min(1, (value - centre) / reach));
    return mix(colours.paper, part < 0 ? colours.first : colours.second, 0.62 * Math.abs(part));
  }

  function drawSurface(size) {
    const [rows, columns] = answer.shape;
    [sheet.width, sheet.height] = [columns, rows];
    const pen = sheet.getContext("2d");
    const image = pen.createImageData(columns, rows);
    answer.values.forEach((value, i) => image.data.set([...channels(cellColour(value)), 255], 4 * i));
    pen.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(sheet, 0, 0, size, size);
  }

  function drawCurve(size) {
    const heights = curveHeights();
    context.strokeStyle = colours.text;
    context.lineWidth = 2;
    context.beginPath();
    answer.values.forEach((value, i) => context.lineTo((i / (answer.values.length - 1)) * size, size * (1 - share(value, heights))));
    context.stroke();
  }

  const showsOutput = () => !answer || answer.layer === store.get().listing.sizes.length - 1;

  /** The heights of a curve: room for the targets and the answer; hidden neurons have a scale of their own. */
  function curveHeights() {
    if (!answer) return data.heights;
    const targets = showsOutput() ? [data.heights.least, data.heights.most] : [];
    return rangeOf([...targets, ...answer.values]);
  }

  function pointMarks(size) {
    const { moment } = store.get();
    const batch = new Set();
    const a0 = moment?.tensor("a0");
    if (a0) for (let i = 0; i < a0.shape[0]; i++) batch.add(a0.data.subarray(i * a0.shape[1], (i + 1) * a0.shape[1]).join());
    const marks = [];
    const heights = curveHeights();
    for (const { split, x, y } of data.splits) {
      for (let i = 0; i < x.shape[0]; i++) {
        const at = x.data.subarray(i * data.inputs, (i + 1) * data.inputs);
        const value = y.data[i * y.shape[1] + y.shape[1] - 1];
        const up = data.inputs === 2 ? share(at[1], data.range) : share(value, heights);
        marks.push({
          kind: "point", tensor: `y_${split}`, index: [i, y.shape[1] - 1], value, size: data.splits[0].x.shape[0] > 20 ? 3 : 6,
          colour: store.get().listing.kind === "classes" ? classColour(value) : colours.second,
          x: share(at[0], data.range) * size, y: size * (1 - up), hollow: split === "held_out", current: batch.has(at.join()),
        });
      }
    }
    return marks;
  }

  function drawPoints(size) {
    for (const mark of pointMarks(size)) {
      context.beginPath();
      context.arc(mark.x, mark.y, mark.size, 0, 2 * Math.PI);
      context.fillStyle = mark.hollow ? colours.paper : mark.colour;
      context.strokeStyle = mark.hollow ? mark.colour : colours.paper;
      context.lineWidth = mark.hollow ? 1.3 : 1;
      context.fill();
      context.stroke();
      if (!mark.current) continue;
      context.beginPath();
      context.arc(mark.x, mark.y, mark.size + 2.2, 0, 2 * Math.PI);
      context.strokeStyle = colours.text;
      context.lineWidth = 1.2;
      context.stroke();
    }
  }

  function draw() {
    const size = canvas.clientWidth;
    if (!data || !size) return;
    canvas.width = canvas.height = Math.round(size * devicePixelRatio);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, size, size);
    if (answer && data.inputs === 2) drawSurface(size);
    if (data.inputs === 2 || showsOutput()) drawPoints(size);
    if (answer && data.inputs === 1) drawCurve(size);
    const { words, listing } = store.get();
    const { layer, unit } = answer ?? target(store.get());
    const output = layer === listing.sizes.length - 1;
    root.querySelector("[data-part=shown]").textContent = say(words, output ? "plane.shows_output" : "plane.shows_neuron", { layer, unit });
  }

  choice.addEventListener("change", update);
  store.on(["listing"], (state) => {
    root.hidden = !shows(state);
    loadData(state);
  });
  store.on(["words"], (state) => {
    if (shows(state)) fillChoice(state, choice.value);
    draw();
  });
  store.on(["moment", "hovered"], () => {
    if (data) draw();
    update();
  });
  store.on(["theme"], () => {
    colours = palette();
    draw();
  });
  new ResizeObserver(draw).observe(canvas);
  return {
    marks() {
      if (!data || root.hidden) return [];
      const plain = ({ kind, tensor, index, value, colour, size }) => ({ kind, tensor, index, value, colour, size });
      const cells = answer ? Array.from(answer.values, (value, i) => ({
        kind: data.inputs === 2 ? "surface" : "response", tensor: "response",
        index: data.inputs === 2 ? [Math.floor(i / answer.shape[1]), i % answer.shape[1]] : [i],
        value, colour: data.inputs === 2 ? cellColour(value) : colours.text, size: data.inputs === 2 ? canvas.clientWidth / answer.shape[1] : 2,
      })) : [];
      return [...cells, ...pointMarks(canvas.clientWidth).map(plain)];
    },
  };
}
