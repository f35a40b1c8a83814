// The glossary beside the stage: the list of its entries, or the card of one. On a narrow screen it is a sheet.

import { make, refill } from "../base/dom.js";
import { get } from "../base/get.js";
import { languageOf } from "../base/later_words.js";
import { throttled } from "../base/throttle.js";
import { apply } from "../base/words.js";
import { offered } from "../scene/named.js";
import { cardOf, hereOf } from "./card.js";
import { resolved, tensorsOf } from "./entries.js";
import { spokenOf } from "./here.js";
import { listOf } from "./list.js";
import { createGuide } from "./see.js";

const NARROW = matchMedia("(max-width: 860px)");
const TYPING = matchMedia("(pointer: fine)"); // where a field with the focus brings up no keyboard over the page

/**
 * What was asked at, or what has come into its place in its region: panels are written anew with each moment.
 *
 * @param {{element: Element, region: Element | null} | null} from
 * @returns {Element | null}
 */
function standIn(from) {
  if (!from || from.element.isConnected) return from?.element ?? null;
  const { term, tensor } =
    /** @type {HTMLElement} */ (from.element.closest("[data-term], [data-tensor]"))?.dataset ?? {};
  const escaped = CSS.escape(term ?? tensor ?? "");
  return from.region?.querySelector(`[data-term="${escaped}"], [data-tensor="${escaped}"]`) ?? null;
}

/** Give the focus back to what was asked at, else to the button of the glossary. */
function giveBack(all, from) {
  const at = standIn(from)?.closest("button, a, canvas, [tabindex]");
  const to = at?.checkVisibility() ? at : all.querySelector("[data-control=glossary]");
  to.focus({ preventScroll: true });
}

/** What the glossary is made of, empty: `here` goes into the card, and follows the moment. */
function createParts(root) {
  const allTerms = make("button", { type: "button", className: "quiet-button" });
  Object.assign(allTerms.dataset, { word: "glossary.all", term: "" });
  const close = make("button", { type: "button", className: "icon", textContent: "×" });
  Object.assign(close.dataset, { label: "glossary.close", hint: "glossary.close" });
  const body = make("div", { className: "glossary-inside" });
  root.append(make("div", { className: "glossary-head" }, allTerms, close), body);
  return { here: make("div", { className: "glossary-here" }), body, allTerms, close };
}

/** What fetches the entries in a language, once each; they are null where the server is away. */
function createFetching() {
  const known = new Map();
  return async function fetched(/** @type {string} */ language) {
    if (!known.has(language)) {
      const found = await get(`glossary.json?lang=${language}`);
      if (found) known.set(language, found.entries);
    }
    return known.get(language) ?? null;
  };
}

/** Set up the glossary in `root`, of the mount `all`. */
export function mount(root, tools) {
  const { all, store, choices } = tools;
  const { here, body, allTerms, close } = createParts(root);
  const language = () => languageOf(store.get().words, choices.languages);
  const fetched = createFetching();
  let from = null; // {element, region}: where it was asked, outside of the glossary
  let shown = null; // {asked, tensor, index, entry}: what the card is of; null of the list
  let entries = [];
  let turn = 0;

  const about = () => ({ asked: store.get().glossary, tensor: shown?.tensor ?? null });
  const leave = () => store.set({ glossary: null });
  /** What has been led to is not to be under the glossary. */
  function makeWay(target) {
    if (NARROW.matches || target?.checkVisibility({ visibilityProperty: true }) === false) leave();
  }
  const placesOf = createGuide({ ...tools, offers: offered(choices) }, about, makeWay);

  function tellHere() {
    const state = store.get();
    if (!shown || state.glossary === null) return;
    refill(here, ...hereOf(state, store, shown, entries));
  }

  function fill(state) {
    const { words, listing, glossary: asked } = state;
    shown = asked ? resolved(asked, entries) : null;
    allTerms.hidden = !shown;
    if (shown) {
      const { entry, tensor } = shown;
      const own = listing ? (tensor in listing.tensors ? [tensor] : tensorsOf(entry, entries, listing.tensors)) : [];
      const places = placesOf(words, entry, own);
      body.replaceChildren(...cardOf(words, store, shown, { entries, places, here }));
      tellHere();
    } else {
      const open = (name) => store.set({ glossary: name });
      body.replaceChildren(...listOf(words, entries, { spoken: spokenOf(state, entries), sought: asked, open }));
    }
    root.scrollTop = 0;
  }

  /** On a narrow screen the sheet does not lie over what has been asked about. */
  function uncover() {
    const box = NARROW.matches && standIn(from)?.getBoundingClientRect();
    if (!box) return;
    const sheet = root.getBoundingClientRect();
    root.classList.toggle("at-left", (box.left + box.right) / 2 > innerWidth / 2);
    if (sheet.width > innerWidth * 0.9 && box.bottom > sheet.top) scrollBy({ top: box.bottom - sheet.top + 12 });
  }

  async function come() {
    const { glossary: asked } = store.get();
    turn += 1;
    const mine = turn;
    const wasOpen = !root.hidden;
    if (asked === null) {
      root.hidden = true;
      if (wasOpen && root.contains(root.ownerDocument.activeElement)) giveBack(all, from);
      return;
    }
    const { askedFrom } = store.get();
    if (askedFrom && !root.contains(askedFrom.element)) from = askedFrom;
    const found = await fetched(language());
    if (mine !== turn) return;
    if (!found) {
      store.set({ notice: { text: "panel.lost" }, glossary: null });
      return;
    }
    entries = found;
    fill(store.get());
    apply(store.get().words, root);
    root.hidden = false;
    const first = shown || !TYPING.matches ? "h2" : "input";
    body.querySelector(first).focus({ preventScroll: true });
    uncover();
  }

  close.addEventListener("click", leave);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });
  store.on(["glossary", "words"], come);
  store.on(["listing"], (state) => {
    if (!shown || root.hidden || !state.listing) return;
    const focused = root.contains(root.ownerDocument.activeElement);
    fill(state);
    if (focused) body.querySelector("h2").focus({ preventScroll: true });
  });
  store.on(["moment", "selected", "example"], throttled(store, tellHere));
  return {};
}
