// The drawing on the stage: its own pass through the network, in place of the mini-batch's.

import { palette } from "../base/colours.js";
import { make, sized } from "../base/dom.js";
import { traceCurve } from "../draw/lines.js";
import { createStagePainter } from "../draw/stage.js";
import { hit } from "./hit.js";
import { leastType } from "./room.js";
import { layOut } from "../draw/layout.js";
import { passLook } from "./look.js";
import { segmentAt } from "../base/time.js";
import { composePass, paintAnswers, passMarks, toldOf } from "./pass.js";
import { labelOf, scalesOf, sentenceOf, summaryOf } from "./pass_words.js";
import { say } from "../base/words.js";
import { showsPass } from "./pass_feature.js";

const STILL = { growing: new Set(), flow: null, lit: null, lights: new Set(), earlier: null };

/** The picture of a pass, and of the line that is pointed at. */
const pictureOf = (paint, { layout, scene, look, best, path }) => ({
  name: "drawing",
  word: "thought",
  width: layout.width,
  height: layout.height,
  paint(context) {
    paint(context, layout, scene, look, STILL, 1);
    paintAnswers(context, scene, layout, { colours: look.colours, font: look.font, best });
    if (!path) return;
    context.strokeStyle = look.colours.now;
    context.lineWidth = 2;
    traceCurve(context, path);
    context.stroke();
  },
});

/** Set up the drawing's stage inside the network's. The store's `room` is for how many neurons of each layer there is room. */
export function mount(root, { store }) {
  const canvas = make("canvas", { role: "img" });
  const [title, back, saying, lines] = [
    make("b"),
    make("button", { type: "button", className: "quiet-button" }),
    make("p"),
    make("p", { className: "quiet" }),
  ];
  const legend = make("div", { className: "pass-legend" }, make("p", {}, title, back), saying, lines);
  const element = make("div", { className: "drawing-pass", hidden: true }, canvas, legend);
  root.querySelector(".canvases").after(element);
  const paint = createStagePainter();
  const { fontFamily: font } = getComputedStyle(root);
  let colours = palette(root);
  let layout = null;
  let scene = null;
  let pointed = null;
  let due = false;
  let painted = null; // the picture that is drawn
  let top = 40;

  /** How large the stage is, and where the legend ends; what it says of a mark that is pointed at moves nothing. */
  function sizesOfStage() {
    const { width, height } = root.querySelector(".canvases").getBoundingClientRect();
    if (!pointed) top = Math.max(40, legend.offsetTop + legend.offsetHeight + 2);
    return { width, height, top, least: leastType({ width, height }, store.get().projector) };
  }

  /** How many neurons of each layer there is room for, which the reading is asked with. */
  function measure({ listing }) {
    const stage = sizesOfStage();
    if (!listing || stage.width < 50 || stage.height < 50) return;
    const { columns } = layOut(listing.sizes, stage.width, stage.height, stage.top, [], stage.least);
    store.set({ room: JSON.stringify(columns.map((column, layer) => column?.shown.length ?? listing.sizes[layer])) });
  }

  function draw() {
    due = false;
    const state = store.get();
    if (!showsPass(state)) return;
    const stage = sizesOfStage();
    const { listing, reading, words, moment } = state;
    const { layers } = segmentAt(listing, moment.t).experiment;
    const told = toldOf(reading, listing.sizes);
    layout = layOut(listing.sizes, stage.width, stage.height, stage.top, told, stage.least);
    scene = composePass(reading, layout, colours);
    const look = passLook(words, layers, layout, scene, { colours, font });
    painted = pictureOf(paint, { layout, scene, look, best: reading.best, path: pointed?.path });
    painted.paint(sized(canvas, stage.width, stage.height));
    tell(state);
    if (sizesOfStage().top !== stage.top) schedule(); // the legend has taken another line
  }

  function schedule() {
    if (due || !showsPass(store.get())) return;
    due = true;
    store.life.frame(draw);
  }

  function tell({ words, reading }) {
    title.textContent = say(words, "thought");
    back.textContent = say(words, "thought.back");
    saying.textContent = pointed ? sentenceOf(words, scene, pointed) : summaryOf(words, scene, reading);
    lines.textContent = scalesOf(words, scene);
    canvas.setAttribute("aria-label", labelOf(words, scene, reading));
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
    root.querySelector(".canvases").inert = showsPass(state);
    element.hidden = !showsPass(state);
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
  return {
    marks: () => (scene ? passMarks(scene, colours) : []),
    pictures: () => (scene ? [painted] : []),
  };
}
