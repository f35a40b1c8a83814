// Wishes: what one example asks of every layer, from the outputs back to the input, one layer at a time.

import { make, refill } from "../../base/dom.js";
import { PICTURE } from "../../draw/layout.js";
import { markLit } from "../../tensor/linked_highlight.js";
import { examplePanel } from "../../network/example.js";
import { computedBy } from "../../tensor/steps.js";
import { say } from "../../base/words.js";
import { createTable } from "./column.js";
import { listOf, notesOf } from "./list.js";
import { targetOf } from "./names.js";
import { createPictures } from "./pictures.js";
import { waysOf } from "./ways.js";

const networkOf = ({ sizes, experiment }) => JSON.stringify([sizes, experiment.dataset.name]);

/** Where the view is: how many layers back from the outputs, and which neuron of each is followed. Each network has its own. */
function placeOf({ wishes, listing }) {
  const run = networkOf(listing);
  return wishes.run === run ? wishes : { run, back: 0, neurons: {} };
}

/** How a scene holds that place: without its network, which is the scene's. */
export const WISHES = {
  plain({ run, back, neurons }, { listing }) {
    return listing && run === networkOf(listing) ? { back, neurons } : { back: 0, neurons: {} };
  },
  value: ({ back, neurons }, { listing }) => ({ run: networkOf(listing), back, neurons }),
  fits: ({ back, neurons }, { listing: { sizes } }) =>
    Number.isInteger(back) &&
    back >= 0 &&
    back < sizes.length &&
    Object.entries(neurons).every(([layer, unit]) => Number.isInteger(unit) && unit >= 0 && unit < sizes[layer]),
};

const layerOf = (state) => state.listing.sizes.length - 1 - placeOf(state).back;

function stopName(words, { sizes }, layer) {
  if (!layer) return say(words, "wishes.stop.input");
  return layer === sizes.length - 1 ? say(words, "wishes.stop.outputs") : say(words, "layer", { layer });
}

const icon = (sign) => make("button", { type: "button", className: "icon", textContent: sign });

function question(state) {
  const layer = layerOf(state);
  const neuron = placeOf(state).neurons[layer];
  return {
    question: "wishes",
    layer,
    example: state.moment.shownExample(state.example),
    ...(neuron === undefined ? {} : { neuron }),
  };
}

function mount(root, { store, presses }) {
  const go = (back) => store.set({ wishes: { ...placeOf(store.get()), back } });
  const follow = (layer, neuron) => {
    const place = placeOf(store.get());
    store.set({ wishes: { ...place, neurons: { ...place.neurons, [layer]: neuron } } });
  };

  const [earlier, later, back, on] = ["‹", "›", "‹", "›"].map(icon);
  const shown = make("span");
  shown.dataset.part = "example";
  const example = make("div", { role: "group", className: "wish-example" }, earlier, shown, later);
  const stops = make("ol");
  const stepper = make("div", { role: "group", className: "wish-stops" }, back, stops, on);
  back.addEventListener("click", () => go(placeOf(store.get()).back - 1));
  on.addEventListener("click", () => go(placeOf(store.get()).back + 1));
  const target = make("p", { className: "quiet wish-target" });
  const said = make("p", { className: "wish-says" });
  const [list, ways, notes] = [make("div"), make("div"), make("div", { className: "quiet wish-notes" })];
  const [table, pictures, due] = [createTable(store), createPictures(store), make("p", { className: "quiet" })];
  const body = make("div", { className: "wish-body" }, due, table.element, pictures.element, list, ways, notes);
  root.append(make("div", { className: "wish-head" }, example, target), stepper, said, body);
  examplePanel(example, store);

  function showStops({ words, listing }, place) {
    const depth = listing.sizes.length - 1;
    const key = [words["language.code"], place.run, place.back].join();
    if (stops.dataset.key === key) return;
    stops.dataset.key = key;
    const buttons = listing.sizes.map((_, steps) => {
      const button = make("button", {
        type: "button",
        textContent: stopName(words, listing, depth - steps),
        ariaCurrent: steps === place.back ? "step" : null,
      });
      button.dataset.key = `stop${steps}`;
      button.addEventListener("click", () => go(steps));
      return make("li", {}, button);
    });
    refill(stops, ...buttons);
    back.disabled = place.back === 0;
    on.disabled = place.back === depth;
    example.ariaLabel = say(words, "example.label");
    earlier.ariaLabel = say(words, "example.back");
    later.ariaLabel = say(words, "example.next");
    stepper.ariaLabel = say(words, "wishes.stops");
    back.ariaLabel = say(words, "wishes.earlier");
    on.ariaLabel = say(words, "wishes.further");
  }

  /** What is asked of the layer: by the target at the outputs, else by every neuron above. */
  function showColumn(look) {
    const { words, listing, layer, t, found } = look;
    const asks = layer < listing.sizes.length - 1;
    const column = asks && found.has("asked") && (!layer && listing.sizes[0] === PICTURE ? pictures : table);
    for (const each of [table, pictures]) each.element.hidden = each !== column;
    due.textContent = asks && !column ? computedBy(words, listing, t, layer ? `da${layer}` : "delta1") : "";
    if (column) column.show(look);
  }

  /** Why one example is not enough, and where all of them are. */
  function closing(words) {
    const button = make("button", {
      type: "button",
      className: "quiet-button",
      textContent: say(words, "wishes.examples"),
    });
    button.dataset.key = "examples";
    button.addEventListener("click", () => store.set({ view: "examples" }));
    return make("p", {}, say(words, "wishes.closing"), " ", button);
  }

  let pressed = false; // what is pressed stays until it is let go, so that a click finds it
  root.addEventListener("pointerdown", () => (pressed = true));
  for (const event of ["pointerup", "pointercancel"])
    store.life.listen(presses, event, () => pressed && store.life.later(letGo));

  let drawn = {}; // the answer that is shown, and in what words, theme and width
  let current = null; // and the one that fits now, null while it is asked

  function show(state, answer) {
    current = answer;
    const { words, listing, moment, theme } = state;
    if (!moment || !listing) return;
    const layer = layerOf(state);
    showStops(state, placeOf(state));
    target.textContent = targetOf(state);
    said.textContent = says(words, listing, layer);
    body.ariaBusy = String(!answer); // for an instant: it is asked at once
    const width = root.clientWidth;
    const next = { answer, words, theme, width };
    if (answer && !pressed && Object.keys(next).some((name) => next[name] !== drawn[name])) {
      showBody({
        words,
        listing,
        store,
        layer,
        example: moment.shownExample(state.example),
        t: answer.t,
        found: answer.found.tensors,
        follow,
      });
      drawn = next;
    }
    if (!answer) return;
    table.light(state.hovered);
    if (state.hovered || root.querySelector(".lit")) markLit(root, state);
  }

  function showBody(look) {
    showColumn(look);
    refill(list, ...listOf(look));
    refill(ways, ...waysOf(look));
    refill(notes, ...notesOf(look), closing(look.words));
  }

  const again = () => current && root.clientWidth && show(store.get(), current);
  const letGo = () => {
    pressed = false;
    again();
  };
  store.life.resized(() => root.clientWidth !== drawn.width && again(), root);

  return { show };
}

/** @type {import("../../base/feature.js").Feature} */
export const wishes = { name: "wishes", watches: ["example", "wishes", "hovered", "theme"], question, mount };

/** What this stop is about, in a sentence or two. */
function says(words, { sizes }, layer) {
  const depth = sizes.length - 1;
  if (layer === depth) return say(words, "wishes.outputs.says");
  const above =
    layer + 1 === depth ? say(words, "wishes.above.outputs") : say(words, "wishes.above.layer", { layer: layer + 1 });
  return layer ? say(words, "wishes.layer.says", { above, layer }) : say(words, "wishes.input.says", { above });
}
