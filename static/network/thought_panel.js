// The drawing on the stage: its own pass through the network, in place of the mini-batch's.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { traceCurve } from "../draw/lines.js";
import { createStagePainter } from "../draw/stage.js";
import { hit } from "./hit.js";
import { layOut } from "../draw/layout.js";
import { alike, brief, scale, signed } from "../base/numbers.js";
import { split } from "../tensor/tensors.js";
import { segmentAt } from "../base/time.js";
import { composeThought, paintAnswers, thoughtMarks, unitsOf } from "./thought.js";
import { say } from "../base/words.js";

const STILL = { growing: new Set(), flow: null, lit: null, lights: new Set(), earlier: null };
const SIDE = 28;
const SAID = 5; // of the strongest contributions are told to who cannot see them

/** Whether the drawing's pass is what the stage shows. */
export const isThought = ({ networkShows, reading, stage = "network" }) =>
  networkShows === "drawing" && stage === "network" && Boolean(reading?.tensors.has("c1"));

/** Set up the drawing's stage inside the network's. The store's `room` is for how many neurons of each layer there is room. */
function mount(root, { store }) {
  const canvas = make("canvas", { role: "img" });
  const [title, back, saying, lines] = [
    make("b"),
    make("button", { type: "button", className: "quiet-button" }),
    make("p"),
    make("p", { className: "quiet" }),
  ];
  const legend = make("div", { className: "thought-legend" }, make("p", {}, title, back), saying, lines);
  const element = make("div", { className: "thought", hidden: true }, canvas, legend);
  root.querySelector(".canvases").after(element);
  const context = canvas.getContext("2d");
  const paint = createStagePainter();
  const { fontFamily: font } = getComputedStyle(root);
  let colours = palette(root);
  let layout = null;
  let scene = null;
  let pointed = null;
  let due = false;
  let top = 40;

  /** How large the stage is, and where the legend ends; what it says of a mark that is pointed at moves nothing. */
  function sizesOfStage() {
    const { width, height } = root.querySelector(".canvases").getBoundingClientRect();
    if (!pointed) top = Math.max(40, legend.offsetTop + legend.offsetHeight + 2);
    return { width, height, top };
  }

  /** How many neurons of each layer there is room for, which the reading is asked with. */
  function measure({ listing }) {
    const stage = sizesOfStage();
    if (!listing || stage.width < 50 || stage.height < 50) return;
    const { columns } = layOut(listing.sizes, stage.width, stage.height, stage.top);
    store.set({ room: JSON.stringify(columns.map((column, layer) => column?.shown.length ?? listing.sizes[layer])) });
  }

  function captions({ words, listing, moment }) {
    const { layers } = segmentAt(listing, moment.t).experiment;
    return [
      [say(words, "thought.input"), "a⁰"],
      ...layers.map(({ units, activation }, i) => {
        const name = say(words, `activation.${activation}`);
        const role =
          i + 1 === layers.length ? say(words, "caption.output") : say(words, "caption.hidden", { layer: i + 1 });
        return [`${role} · ${name}`, `${units} · ${name}`, name, String(i + 1)];
      }),
    ];
  }

  function draw() {
    due = false;
    const state = store.get();
    if (!isThought(state)) return;
    const stage = sizesOfStage();
    const { listing, reading, words } = state;
    const chosen = listing.sizes.map((_, layer) =>
      layer && reading.tensors.has(`units${layer}`) ? [...unitsOf(reading, listing.sizes, layer)] : null,
    );
    layout = layOut(listing.sizes, stage.width, stage.height, stage.top, chosen);
    scene = composeThought(reading, layout, colours);
    [canvas.width, canvas.height] = [stage.width, stage.height].map((pixels) => Math.round(pixels * devicePixelRatio));
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    paint(
      context,
      layout,
      scene,
      {
        colours,
        font,
        captions: captions(state),
        lit: STILL.lights,
        weights: "",
        gradients: "a⁰·W¹",
        say: (name, blanks) => say(words, name, blanks),
        classes: false,
        depth: scene.depth,
        left: [],
        width: stage.width,
        crowded: false,
        pitch: 0,
      },
      STILL,
      1,
    );
    paintAnswers(context, scene, layout, { colours, font, best: reading.best });
    if (pointed?.path) {
      context.strokeStyle = colours.now;
      context.lineWidth = 2;
      traceCurve(context, pointed.path);
      context.stroke();
    }
    tell(state);
    if (sizesOfStage().top !== stage.top) schedule(); // the legend has taken another line
  }

  function schedule() {
    if (due || !isThought(store.get())) return;
    due = true;
    store.life.frame(draw);
  }

  /** What a mark says, in one sentence. */
  function sentence(words, { kind, tensor, index, value, unit, layer }) {
    if (kind === "contribution")
      return say(words, "thought.line", {
        j: index[0],
        k: index[1],
        above: split(tensor)[1],
        below: split(tensor)[1] - 1,
        value: signed(value),
      });
    if (kind === "activation") return say(words, "thought.neuron", { unit, layer, value: brief(value) });
    const [row, column] = [Math.floor(index[1] / SIDE), index[1] % SIDE];
    const picture = scene.pictures.find((each) => each.tensor === tensor && each.row === index[0]);
    const input = picture.kind === "ink";
    return say(words, input ? "thought.pixel" : "thought.product", {
      row,
      column,
      unit: index[0],
      value: brief(picture.data[index[1]]),
    });
  }

  function tell({ words, reading, listing }) {
    const { scales } = scene;
    title.textContent = say(words, "thought");
    back.textContent = say(words, "thought.back");
    const digit = reading.best;
    saying.textContent = pointed
      ? sentence(words, pointed)
      : say(words, listing.sizes.length > 2 ? "thought.says" : "thought.says.flat", { digit });
    lines.textContent = say(words, "thought.scales", {
      line: scale(scales.contribution),
      picture: scale(scales.picture),
    });
    const strongest = scene.lines
      .filter(({ layer }) => layer === scene.depth)
      .slice(-SAID)
      .toReversed();
    canvas.setAttribute(
      "aria-label",
      [
        say(words, "thought.label", { digit, value: alike(reading.output)[digit] }),
        ...strongest.map((mark) => sentence(words, mark)),
      ].join(". "),
    );
  }

  function point(mark) {
    if (!scene || String(mark?.index) + mark?.tensor === String(pointed?.index) + pointed?.tensor) return;
    pointed = mark;
    schedule();
  }

  canvas.addEventListener("pointermove", (event) => scene && point(hit(scene, event.offsetX, event.offsetY)));
  canvas.addEventListener("pointerleave", () => point(null));
  back.addEventListener("click", () => store.set({ networkShows: "moment" }));
  store.on(["networkShows", "reading", "stage", "words"], (state) => {
    root.querySelector(".canvases").inert = isThought(state);
    element.hidden = !isThought(state);
    if (element.hidden) scene = pointed = null;
    schedule();
  });
  store.on(["listing"], measure);
  store.on(["theme"], () => {
    colours = palette(root);
    schedule();
  });
  store.life.resized(() => {
    measure(store.get());
    schedule();
  }, root.querySelector(".canvases"));
  return { marks: () => (scene ? thoughtMarks(scene, colours) : []) };
}

/** @type {import("../base/feature.js").Feature} */
export const thought = { name: "thought", slot: "network", mount };
