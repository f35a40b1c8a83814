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
    const items = [...list.children].filter((each) => each.checkVisibility());
    items[items.indexOf(event.target) + way]?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  return { texts, ruler };
}

/** Have a button open the whole legend over the network, and close it; so does Escape. */
function offerAll(root, store) {
  const more = root.querySelector("[data-control=legend]");
  more.addEventListener("click", () => store.set({ legendOpen: !store.get().legendOpen }));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !store.get().legendOpen) return;
    store.set({ legendOpen: false });
    more.focus();
    event.preventDefault();
  });
  store.on(["legendOpen"], ({ legendOpen }) => {
    root.classList.toggle("open", legendOpen);
    more.ariaExpanded = String(legendOpen);
  });
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
 * arrow of the parameter that is meant says, `end()` is where it ends, in pixels from the top, and `enlarge(scale)` has it
 * so many times its usual size and tells where it then ends.
 */
export function createLegend(root, store, composer) {
  const sentence = root.querySelector("[data-legend=saying]");
  let height = root.offsetHeight; // while it is not open: then it lies over the network
  offerAll(root, store);
  const { texts, ruler } = listSigns(root.querySelector(".signs"), store);

  const saying = (state) => set(sentence, sayingOf(state.words, composer.scene, state.moment, parameterMeant(state)));

  const tell = throttled(store, (state) => {
    const { scene } = composer;
    if (!scene || !state.moment) return;
    const told = legendOf(state.words, scene, Boolean(composer.layout.picture), Boolean(state.wished));
    for (const [name, text] of Object.entries(told)) {
      set(texts[name], text);
      texts[name].parentElement.hidden = !text;
    }
    set(root.querySelector("[data-legend=of]"), ofWhom(state, composer.layers));
    showRuler(ruler, state.words, scene.ruler);
    saying(state);
  });

  function end() {
    if (!store.get().legendOpen) height = root.offsetHeight;
    return root.offsetTop + height;
  }

  store.on(["wished"], tell);
  return {
    saying,
    tell,
    end,
    enlarge(scale) {
      root.style.setProperty("--scale", scale);
      return end();
    },
  };
}
