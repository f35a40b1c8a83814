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
import { layerOf, placeOf, stopSays } from "./place.js";
import { createTelling } from "./stage.js";
import { createStops } from "./stops.js";
import { waysOf } from "./ways.js";

export function mount(root, { store, presses }) {
  const go = (back) => store.set({ wishes: { ...placeOf(store.get()), back } });
  const follow = (layer, neuron) => {
    const place = placeOf(store.get());
    store.set({ wishes: { ...place, neurons: { ...place.neurons, [layer]: neuron } } });
  };

  const stops = createStops(store, go);
  const target = make("p", { className: "quiet wish-target" });
  const said = make("p", { className: "wish-says" });
  const [list, ways, notes] = [make("div"), make("div"), make("div", { className: "quiet wish-notes" })];
  const [table, pictures, due] = [createTable(store), createPictures(store), make("p", { className: "quiet" })];
  const body = make("div", { className: "wish-body" }, due, table.element, pictures.element, list, ways, notes);
  root.append(make("div", { className: "wish-head" }, stops.example, target), stops.stepper, said, body);
  examplePanel(stops.example, store);

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

  let drawn = {}; // the answer that is shown, and in what words, theme, width and pixels
  let current = null; // and the one that fits now, null while it is asked

  const tellStage = createTelling(store);

  function show(state, answer) {
    current = answer;
    const { words, listing, moment, theme } = state;
    if (!moment || !listing) return;
    const layer = layerOf(state);
    tellStage(state, layer, answer);
    stops.show(state);
    target.textContent = targetOf(state);
    said.textContent = stopSays(words, listing, layer);
    body.ariaBusy = String(!answer); // for an instant: it is asked at once
    const width = root.clientWidth;
    const next = { answer, words, theme, width, ratio: devicePixelRatio };
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
  const fits = () => root.clientWidth === drawn.width && devicePixelRatio === drawn.ratio;
  store.life.resized(() => fits() || again(), root);

  return { show };
}
