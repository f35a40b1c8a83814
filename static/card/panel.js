// The card beside what is pointed at or chosen in the network. On a narrow screen it is a sheet from below, of what is chosen.

import { createAsker } from "../ask/query.js";
import { createCurveSource } from "../ask/curves.js";
import { keyOf } from "../ask/memory.js";
import { make } from "../base/dom.js";
import { throttled } from "../base/throttle.js";
import { say } from "../base/words.js";
import { keyOf as markKey } from "../network/meant.js";
import { cellName, parameterOf, split } from "../tensor/tensors.js";
import { asked, partsOf } from "./content.js";
import { overlap, placeBeside } from "./place.js";

const NARROW = matchMedia("(max-width: 600px)");
const DELAY = 140; // milliseconds that a pointer rests

/** The layer of a neuron's mark, by whose activation it is made; 0 for an input and for a parameter. */
const layerOf = ({ tensor }) => (parameterOf(tensor) ? 0 : (split(tensor)[1] ?? 0));

/** Whether the card would cover its mark at a place. */
function coversAt({ left, top }, { offsetWidth, offsetHeight }, { x, y, reach }) {
  const card = { left, top, right: left + offsetWidth, bottom: top + offsetHeight };
  return overlap(card, { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }) > 0;
}

/**
 * Put the card beside its mark, which stands at `anchor` on the stage, without the curve where there is no room for that;
 * a sheet stands where its style says.
 */
function put(root, stage, anchor) {
  root.classList.toggle("sheet", NARROW.matches);
  root.classList.remove("tight");
  if (NARROW.matches || !anchor) return root.removeAttribute("style");
  const canvases = stage.querySelector(".canvases");
  const room = { left: 0, top: 0, right: canvases.clientWidth, bottom: canvases.clientHeight };
  const place = () => placeBeside(anchor, { width: root.offsetWidth, height: root.offsetHeight }, room);
  if (coversAt(place(), root, anchor)) root.classList.add("tight");
  const { left, top } = place();
  Object.assign(root.style, { left: `${Math.round(left)}px`, top: `${Math.round(top)}px` });
}

/** What the card is made of, empty. */
function createParts(root) {
  const button = (fields) => make("button", { type: "button", className: "card-go", ...fields });
  const body = make("div", { className: "card-body" });
  const [why, compare] = [button({}), button({})];
  const about = button({ className: "icon card-about", textContent: "?" });
  const close = button({ className: "icon card-close", textContent: "×" });
  root.append(body, about, close, make("div", { className: "card-foot" }, why, compare));
  return { body, why, compare, about, close };
}

/** Name the buttons of the card. */
function label({ why, compare, about, close }, words) {
  why.textContent = say(words, "card.why");
  compare.textContent = say(words, "card.activations");
  about.ariaLabel = about.title = say(words, "card.ask");
  close.ariaLabel = close.title = say(words, "card.close");
}

/** Set up the card in `root`, over the stage. */
export function mount(root, { store, ask }) {
  const parts = createParts(root);
  const { body, why, compare, about, close } = parts;
  const stage = root.parentElement;
  let closed = ""; // the mark whose card has been closed
  let answer = null;
  let timer = null;
  let rested = ""; // the mark at which the pointer has rested

  const asker = createAsker(store, ask, (given) => {
    answer = given;
    show(store.get());
  });
  const curves = createCurveSource(ask, () => show(store.get()));

  /** The mark that the card is of, or null. */
  function markOf({ hovered, selected, stage: front, networkShows }) {
    if (front !== "network" || networkShows !== "moment") return null;
    const mark = NARROW.matches ? selected : (hovered ?? selected);
    return mark?.index && markKey(mark) !== closed ? mark : null;
  }

  function show(state) {
    const { moment, listing, words, selected, example } = state;
    const mark = moment && listing ? markOf(state) : null;
    const kept = mark && selected && markKey(mark) === markKey(selected);
    const drawn = NARROW.matches || state.anchor; // a sheet is beside no mark
    const there = mark && drawn && (kept || rested === markKey(mark));
    root.hidden = !there;
    if (!there) return;
    const of = asked(mark);
    const wish = of && { question: "chain_rule", ...of, example: moment.shownExample(example), errors: [] };
    const fits = wish && answer?.found && answer.t === moment.t && answer.key === keyOf(wish);
    body.replaceChildren(...partsOf(state, mark, fits ? answer.found : null, curves.of));
    compare.hidden = !layerOf(mark);
    about.dataset.term = cellName(mark.tensor, mark.index);
    label(parts, words);
    root.classList.toggle("kept", Boolean(kept));
    put(root, stage, state.anchor);
    asker.want(moment.t, wish);
  }

  const due = throttled(store, show);

  /** Close the card; the keys go on from its mark. */
  function shut() {
    const mark = markOf(store.get());
    closed = markKey(mark) ?? "";
    store.set({ hovered: mark });
    stage.querySelector("canvas.overlay").focus({ preventScroll: true });
    show(store.get());
  }

  /** Go on to a view of the inspector. */
  function goOn(view, more = {}) {
    const mark = markOf(store.get());
    store.set({ selected: mark, view, tab: "side", inspected: store.get().inspected + 1, ...more });
    closed = markKey(mark) ?? "";
    show(store.get());
  }

  why.addEventListener("click", () => goOn("why"));
  compare.addEventListener("click", () => goOn("activations", { curvesOf: layerOf(markOf(store.get())) }));
  close.addEventListener("click", shut);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    shut();
  });

  /** The card comes when the pointer has rested; keys reach one mark after the other, and rest on each. */
  function rest({ hovered }) {
    store.life.cancel(timer);
    const key = markKey(hovered) ?? "";
    if (key !== rested) rested = "";
    if (key && key !== rested)
      timer = store.life.later(() => {
        rested = key;
        show(store.get());
      }, DELAY);
  }

  store.on(["hovered"], rest);
  store.on(["hovered", "selected"], ({ hovered, selected }) => {
    if (![hovered, selected].some((mark) => markKey(mark) === closed)) closed = "";
  });
  store.on(["lesson"], ({ lesson, selected }) => {
    if (NARROW.matches && lesson !== null) closed = markKey(selected) ?? ""; // what a step brings covers no prose
  });
  store.on(["listing"], () => {
    answer = null;
    asker.forget();
  });
  store.on(["moment", "listing", "words", "playing", "example", "stage", "networkShows", "arrows", "arrowsOf"], due);
  store.on(["hovered", "selected", "anchor"], show);
  store.life.resized(due, stage);
  return {};
}
