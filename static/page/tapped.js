// On a narrow screen the inspector lies below the stage: going on to it brings it into sight beneath the stage.

import { moves } from "../base/motion.js";

const NARROW = matchMedia("(max-width: 860px)");
const [GAP, SCROLL] = [8, 300]; // pixels between the stage and the answer, and milliseconds of scrolling
const ROOMY = 300; // pixels below the stage, from which there is room for the inspector's heading and tabs

/** Whether a box begins between the stage and the lower third of the window. */
const isInSight = ({ top }, bottom) => top >= bottom && top < innerHeight * 0.67;

/** While something on the stage is selected, the stage stays at the top, and the inspector comes up to it. */
function mount(stage, { all, store }) {
  const inspector = all.querySelector("[data-region=inspector]");
  store.on(["selected"], ({ selected }) => stage.classList.toggle("asked", selected !== null));

  /** What is to come up: all of the inspector, or its view alone. */
  const answer = () =>
    innerHeight - stage.offsetHeight < ROOMY ? inspector.querySelector("[role=tabpanel]:not([hidden])") : inspector;

  function bring() {
    const bottom = Math.max(0, stage.getBoundingClientRect().top) + stage.offsetHeight;
    const box = answer().getBoundingClientRect();
    if (isInSight(box, bottom)) return;
    const held = getComputedStyle(stage).position === "sticky" ? stage.offsetHeight : 0;
    const top = box.top + scrollY - held - GAP;
    scrollTo({ top, behavior: moves(SCROLL) ? "smooth" : "auto" });
  }

  store.on(["inspected"], () => NARROW.matches && store.life.frame(bring));
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const tapped = { name: "tapped", slot: "network", mount };
