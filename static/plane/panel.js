// The plane panel: points of the data, and what the network, or one neuron of it, answers over all inputs.

import { throttled } from "../base/throttle.js";
import { palette } from "../base/colours.js";
import { answerMarks, createPlanePainter, dataOf, pointMarks } from "../draw/plane.js";
import { sized } from "../base/dom.js";
import { plainMark } from "../draw/marks.js";
import { say } from "../base/words.js";
import { createAnswers } from "./answers.js";
import { choicesOf, chosenOf, neuron, neuronMeant } from "./neuron.js";
import { optional } from "../base/codecs.js";
import { ofView, RUN } from "../base/keys.js";

const shows = ({ listing }) => listing && listing.sizes[0] <= 2;

/** The points of the run's data, which `come(data)` once they are there. */
function createPoints(ask, come) {
  let fetching = null; // the listing whose points are on their way

  /** Fetch the points, unless they are on their way. */
  async function fetch(state) {
    const { listing } = state;
    if (!shows(state) || fetching === listing) return;
    fetching = listing;
    const answered = await ask({ question: "examples" }, { t: 0, of: "run" });
    if (fetching !== listing) return; // there is another run
    fetching = null;
    if (answered?.found) come(dataOf(answered.found.tensors, listing.sizes[0])); // else they are asked for with the next moment
  }

  return {
    fetch,
    /** There is another run. */
    begin(state) {
      fetching = null;
      return fetch(state);
    },
  };
}

/** What is shown: the answers of the network or of one of its neurons, and over which columns of the data. */
function captionOf(words, { columns }, isOutput, neuronShown) {
  const shown = say(words, isOutput ? "plane.shows_output" : "plane.shows_neuron", neuronShown);
  if (!columns?.length) return shown;
  return `${say(words, `plane.axes.${columns.length}`, { across: columns[0], up: columns[1] })} ${shown}`;
}

/** The list of neurons to choose from. */
function createChoice(select, store) {
  const show = (state) => {
    select.value = chosenOf(state);
  };
  select.addEventListener("change", () => store.set({ plane: select.value }));
  return {
    show,
    fill(state) {
      select.replaceChildren(...choicesOf(state).map(({ value, text }) => new Option(text, value)));
      show(state);
    },
  };
}

/** The picture of the plane, as it is painted now. */
const pictureOf = (shown) => ({
  name: "plane",
  word: "plane",
  width: shown.size,
  height: shown.size,
  paint: (context) => createPlanePainter()(context, shown),
});

/** The button that opens the panel in which points are painted, where there is a plane for them. */
function offerPainting(root, store) {
  const offer = root.querySelector("[data-control=paint]");
  offer.addEventListener("click", () => store.set({ ownOpen: "points" }));
  store.on(["listing"], ({ listing }) => {
    offer.hidden = listing?.sizes[0] !== 2;
  });
}

function mount(root, { store, ask }) {
  offerPainting(root, store);
  const canvas = root.querySelector("canvas");
  const choice = createChoice(root.querySelector("select"), store);
  const paint = createPlanePainter();
  let colours = palette(root);
  let size = 0; // of the canvas, in CSS pixels
  let data = null;
  let answer = null;
  let due = false;

  const points = createPoints(ask, (given) => {
    data = given;
    draw();
    update();
  });

  const isAsked = (state) => data && state.moment && shows(state);
  const update = createAnswers(
    store,
    ask,
    () => (isAsked(store.get()) ? data : null),
    (given) => {
      answer = given;
      plan();
    },
  );

  function view() {
    const { moment, listing } = store.get();
    const { layer } = answer ?? neuronMeant(store.get());
    return {
      data,
      answer,
      moment,
      colours,
      size,
      classes: listing.kind === "classes",
      output: layer === listing.sizes.length - 1,
    };
  }

  function draw() {
    if (!data || !size) return;
    const { words, listing } = store.get();
    const context = sized(canvas, size);
    const shown = view();
    paint(context, shown);
    const caption = captionOf(words, listing, shown.output, answer ?? neuronMeant(store.get()));
    const below = root.querySelector("[data-part=shown]");
    if (below.textContent !== caption) below.textContent = caption;
  }

  const plan = throttled(store, () => {
    if (due) return;
    due = true;
    store.life.frame(() => {
      due = false;
      draw();
    });
  });

  store.on(["listing"], (state) => {
    root.hidden = !shows(state);
    data = answer = null;
    if (!root.hidden) choice.fill(state);
    points.begin(state);
  });
  store.on(["plane"], (state) => {
    if (!shows(state)) return;
    choice.show(state);
    update();
  });
  store.on(["words"], (state) => {
    if (!shows(state)) return;
    choice.fill(state);
    draw();
  });
  store.on(["moment", "hovered"], (state) => {
    if (!data) {
      points.fetch(state);
      return;
    }
    update();
    plan();
  });
  store.on(["theme"], () => {
    colours = palette(root);
    draw();
  });
  store.life.resized(() => {
    size = canvas.clientWidth;
    draw();
  }, canvas);
  return {
    marks: () => (!data || root.hidden ? [] : [...answerMarks(view()), ...pointMarks(view()).map(plainMark)]),
    pictures: () => (!data || root.hidden || !size ? [] : [pictureOf(view())]),
  };
}

/** @type {import("../base/feature.js").Feature} */
export const plane = { name: "plane", slot: "plane", state: { plane: ofView(null, optional(neuron), RUN) }, mount };
