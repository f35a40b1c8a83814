// What a link leaves out is away: nothing of it is seen, nor reached by keys, and the rest takes its room. A quiet link leads
// out, or from a frame to a page of its own.

import { isAway, make } from "../base/dom.js";
import { say } from "../base/words.js";
import { PARTS, TABS } from "../page/parts.js";
import { inFull } from "./scenes.js";

const AROUND = [
  "header",
  "stories",
  "experiment",
  "plane",
  "pad",
  "inspector",
  "loss",
  "diagnosis",
  "projector",
  "notes",
]; // a frame's stage
const GIVEN_AWAY = ["notes"]; // what says too much beside questions

/** The names of the parts that are left out. */
const goneOf = ({ away, embed, questionsAlone }) => [
  ...new Set([...away, ...(embed ? AROUND : []), ...(questionsAlone ? GIVEN_AWAY : [])]),
];

/** The tabs of a narrow screen behind which something is left. */
const tabsLeft = (gone) => Object.keys(TABS).filter((tab) => TABS[tab].some((each) => !gone.includes(each)));

/** Have these parts away and no others, with the tabs behind which nothing is left and the links that skip to what is away. */
function put(all, gone) {
  for (const element of all.querySelectorAll("[data-away]")) element.removeAttribute("data-away");
  const left = tabsLeft(gone);
  const tabs = Object.keys(TABS).filter((tab) => !left.includes(tab));
  const selectors = [...gone.map((name) => PARTS[name]), ...tabs.map((tab) => `[role=tab][data-tab=${tab}]`)];
  for (const selector of selectors.filter(Boolean))
    for (const element of all.querySelectorAll(selector)) element.setAttribute("data-away", "");
  for (const skip of all.querySelectorAll("[data-skip]"))
    skip.toggleAttribute("data-away", isAway(all.querySelector(`[data-region=${skip.dataset.skip}]`)));
}

/** Set it up in the mount `all`; `link(changed)` makes an address of the scene, and `leave()` has the present one come back. */
export function mount(root, { all, store, link, leave }) {
  const everything = make("button", { type: "button", className: "quiet-button" });
  const full = make("a", { className: "quiet-button", target: "_blank", rel: "noopener" });
  const out = make("p", { className: "way-out" }, everything, full);
  const aim = () => {
    full.href = link?.(inFull).href ?? "";
  };
  for (const event of ["pointerenter", "focus", "click"]) full.addEventListener(event, aim);
  everything.addEventListener("click", () => {
    leave();
    store.set({ away: [], questionsAlone: false, embed: false });
    root.querySelector("canvas.overlay").focus(); // the button is gone with what it has brought back
  });
  root.append(out);

  function show(state) {
    const { words, embed, questionsAlone } = state;
    const gone = goneOf(state);
    put(all, gone);
    const tabs = tabsLeft(gone);
    if (tabs.length && !tabs.includes(state.tab)) store.set({ tab: tabs[0] });
    all.dataset.hides = gone.join(" ");
    all.dataset.embed = String(embed);
    if (state.listing) aim();
    everything.textContent = say(words, "presenting.everything");
    full.textContent = say(words, "presenting.full");
    everything.hidden = embed || !(gone.length || questionsAlone);
    full.hidden = !embed || !link;
  }
  store.on(["away", "embed", "questionsAlone", "words"], show);
  return {};
}
