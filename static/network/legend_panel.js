// The legend on the stage: a list of signs, each of which lights its marks while it is pointed at or has the focus.

import { make } from "../base/dom.js";
import { throttled } from "../base/throttle.js";
import { say } from "../base/words.js";
import { ofWhom } from "./arrows_of.js";
import { legendOf, sayingOf, SIGNS, twoDigits } from "./legend.js";
import { parameterMeant } from "./meant.js";

/** Set an element's text, where it is another. */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The list of the signs; the arrow keys go from one to the next. Returns {texts, ruler}, elements to fill. */
function listSigns(list, store) {
  const texts = {};
  const ruler = make("span", { className: "ruler", role: "img" });
  for (const name of Object.keys(SIGNS)) {
    texts[name] = make("span");
    const item = make("li", { tabIndex: list.children.length ? -1 : 0 }, texts[name]);
    item.dataset.legend = name;
    if (name === "gradient") item.append(ruler);
    for (const event of ["pointerenter", "focus"]) item.addEventListener(event, () => store.set({ sign: name }));
    for (const event of ["pointerleave", "blur"]) item.addEventListener(event, () => store.set({ sign: null }));
    list.append(item);
  }
  list.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = [...list.children].filter((each) => !each.hidden);
    items[items.indexOf(event.target) + way]?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  return { texts, ruler };
}

/** Show a ruler: bars as long as the arrows of their numbers. */
function showRuler(element, words, bars) {
  const told = bars.map(({ value, length }) => `${twoDigits(value)}: ${length.toFixed(1)}`).join(", ");
  element.hidden = !bars.length;
  if (element.ariaLabel === say(words, "legend.ruler", { lengths: told })) return;
  element.ariaLabel = say(words, "legend.ruler", { lengths: told });
  element.replaceChildren(
    ...bars.map(({ value, length }) => {
      const bar = make("b");
      bar.style.height = `${length}px`;
      return make("span", {}, bar, twoDigits(value));
    }),
  );
}

/**
 * The legend in `root`, of the scene and the layout that `composer` has: `tell()` writes all of it, `saying(state)` what the
 * arrow of the parameter that is meant says, and `end()` is where it ends, in pixels from the top.
 */
export function createLegend(root, store, composer) {
  const sentence = root.querySelector("[data-legend=saying]");
  const { texts, ruler } = listSigns(root.querySelector(".signs"), store);

  const saying = (state) => set(sentence, sayingOf(state.words, composer.scene, state.moment, parameterMeant(state)));

  return {
    saying,
    tell: throttled(store, (state) => {
      const { scene } = composer;
      if (!scene) return;
      const told = legendOf(state.words, scene, Boolean(composer.layout.picture));
      for (const [name, text] of Object.entries(told)) {
        set(texts[name], text);
        texts[name].parentElement.hidden = !text;
      }
      set(root.querySelector("[data-legend=of]"), ofWhom(state, composer.layers));
      showRuler(ruler, state.words, scene.ruler);
      saying(state);
    }),
    end: () => root.offsetTop + root.offsetHeight,
  };
}
