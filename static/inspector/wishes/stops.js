// The example and the stops that lead back through the layers, each with a button before and after.

import { make, refill } from "../../base/dom.js";
import { say } from "../../base/words.js";
import { placeOf, stopName } from "./place.js";

const icon = (sign) => make("button", { type: "button", className: "icon", textContent: sign });

/** The elements `example` and `stepper`; `go(back)` goes to a stop, so many layers back from the outputs. */
export function createStops(store, go) {
  const [earlier, later, back, on] = ["‹", "›", "‹", "›"].map(icon);
  const shown = make("span");
  shown.dataset.part = "example";
  const example = make("div", { role: "group", className: "wish-example" }, earlier, shown, later);
  const stops = make("ol");
  const stepper = make("div", { role: "group", className: "wish-stops" }, back, stops, on);
  back.addEventListener("click", () => go(placeOf(store.get()).back - 1));
  on.addEventListener("click", () => go(placeOf(store.get()).back + 1));

  function stop(text, steps, current) {
    const button = make("button", { type: "button", textContent: text, ariaCurrent: current ? "step" : null });
    button.dataset.key = `stop${steps}`;
    button.addEventListener("click", () => go(steps));
    return make("li", {}, button);
  }

  function name(words) {
    example.ariaLabel = say(words, "example.label");
    earlier.ariaLabel = say(words, "example.back");
    later.ariaLabel = say(words, "example.next");
    stepper.ariaLabel = say(words, "wishes.stops");
    back.ariaLabel = say(words, "wishes.earlier");
    on.ariaLabel = say(words, "wishes.further");
  }

  function show(state) {
    const { words, listing } = state;
    const place = placeOf(state);
    const depth = listing.sizes.length - 1;
    const key = [words["language.code"], place.run, place.back].join();
    if (stops.dataset.key === key) return;
    stops.dataset.key = key;
    const texts = listing.sizes.map((_, steps) => stopName(words, listing, depth - steps));
    refill(stops, ...texts.map((text, steps) => stop(text, steps, steps === place.back)));
    back.disabled = place.back === 0;
    on.disabled = place.back === depth;
    name(words);
  }

  return { example, stepper, show };
}
