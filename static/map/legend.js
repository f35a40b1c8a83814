// The legend of a map: how each outcome looks, how many runs have it, and how it is told from the others.

import { make, sized } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { say } from "../base/words.js";
import { hatchingOf, tonesOf } from "./looks.js";
import { countsOf } from "./runs.js";
import { definitionOf } from "./told.js";

const SWATCH = 18; // pixels

/** Fill the list `legend` for a map that is measured. */
export function showLegend(legend, words, { settings, runs, facts }, colours) {
  const { names } = settings.outcomes;
  const [tones, counts] = [tonesOf(colours), countsOf(runs, names.length)];
  const items = names.map((name, i) => {
    const canvas = make("canvas", { ariaHidden: "true" });
    Object.assign(canvas.style, { width: `${SWATCH}px`, height: `${SWATCH}px` });
    const context = sized(canvas, SWATCH);
    for (const fillStyle of [tones[name], hatchingOf(name, colours)]) {
      context.fillStyle = fillStyle;
      context.fillRect(0, 0, SWATCH, SWATCH);
    }
    const title = make("b", { textContent: say(words, `map.outcome.${name}`) });
    const says = facts ? definitionOf(words, name, settings.outcomes, facts.level) : "";
    const told = say(words, "map.count", { count: count(counts[i]) });
    return make("li", {}, canvas, make("span", {}, title, ` ${told}`, make("small", { textContent: says })));
  });
  legend.replaceChildren(...items);
}
