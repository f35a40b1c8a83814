// The races of the curriculum, which the server has, each begun by one press.

import { make } from "../base/dom.js";
import { stepsAt } from "../base/time.js";
import { say } from "../base/words.js";
import { LANES, OTHERS } from "./names.js";

/** The view of a race: its lanes beside the experiment of the first one. */
function viewOf({ pace, speed, lanes: [experiment, ...others] }) {
  const lanes = others.map((other, i) => ({ name: OTHERS[i], title: "", experiment: other }));
  const plain = LANES.plain(lanes, { listing: { experiment } });
  return { stage: "laboratory", lanes: plain, lanePace: pace, laneAxis: pace, speed, grain: "training_step" };
}

/** Offer the races in `root`: a press opens one and plays it, until it rests where it ends. Returns {show}. */
export function offerRaces(root, { store, ask, openScene, clock }) {
  const heading = make("h2");
  const says = make("p", { className: "quiet" });
  const list = make("div", { className: "races" });
  /** @type {Record<string, any> | null} */
  let races = null;
  let asked = false;
  let end = null; // the training step at which the race rests
  root.append(heading, says, list);

  async function begin(/** @type {any} */ race) {
    end = null;
    if (!(await openScene({ experiment: race.lanes[0], t: 0, view: viewOf(race) }))) return;
    end = race.steps;
    clock.play();
  }

  /** Ask for the races, once. */
  async function fetch() {
    asked = true;
    races = (await ask({ question: "races" }))?.found?.races ?? null;
    asked = races !== null;
    if (!races) return;
    const buttons = Object.entries(races).map(([name, race]) => {
      const button = make("button", { type: "button" }, make("b"), make("small"));
      button.dataset.race = name;
      button.addEventListener("click", () => begin(race));
      return button;
    });
    list.replaceChildren(...buttons);
    show();
  }

  function show() {
    const { words, lanes } = store.get();
    heading.textContent = say(words, "race.heading");
    says.textContent = lanes.length ? "" : say(words, "race.offer");
    if (!asked) fetch();
    for (const button of list.querySelectorAll("button")) {
      const { race: name } = button.dataset;
      button.firstElementChild.textContent = say(words, `race.${name}`);
      button.lastElementChild.textContent = say(words, `race.${name}.says`);
    }
  }

  store.on(["moment"], ({ moment, listing, playing }) => {
    if (end === null || !moment || !playing || stepsAt(listing, moment.t) < end) return;
    end = null;
    clock.stop();
  });
  return { show };
}
