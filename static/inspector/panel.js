// The inspector: what is chosen in the network, seen in one of several views, each with the server's answer to it.

import { createAsker, isPassing } from "../ask/query.js";
import { offer, panelsFor } from "../base/feature.js";
import { keyOf } from "../ask/memory.js";
import { count } from "../base/numbers.js";
import { putIn } from "../base/on_demand.js";
import { unlessPressed } from "../base/pressed.js";
import { activations } from "./activations/view.js";
import { cost } from "./cost/view.js";
import { column } from "./column/view.js";
import { examples } from "./examples/view.js";
import { matrix } from "./matrix/view.js";
import { proof } from "./proof/view.js";
import { pytorch } from "./pytorch/view.js";
import { recorded } from "./recorded/view.js";
import { why } from "./why/view.js";
import { wishes } from "./wishes/view.js";
import { refusal, say } from "../base/words.js";
import { tabs } from "../base/tabs.js";
import { oneOf } from "../base/codecs.js";
import { keysOf, namesOf, ofView } from "../base/keys.js";

/**
 * The views, in the order of their tabs.
 *
 * @type {import("../base/feature.js").Feature[]}
 */
export const VIEWS = [why, examples, wishes, column, proof, matrix, activations, cost, pytorch, recorded];
const ALWAYS = ["moment", "listing", "words", "view"];

/**
 * Set up the inspector. `tools` are what views may use, {store, ask, change, fetchFile, presses, named}, and {timed}, which
 * hears how long answers took. Only the view in front is asked and shown.
 */
function mount(root, tools) {
  const { store } = tools;
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const look = { words: "view", ids: "view", named: tools.named };
  offer(part("views"), VIEWS, look, (name) => views[name]);
  const panels = panelsFor(part("views"), VIEWS, look, "card view");
  const views = Object.fromEntries(
    VIEWS.map((view) => [view.name, { question: view.question, ...putIn(view, panels[view.name], tools) }]),
  );
  const said = part("said");
  let answer = null;
  const asker = createAsker(
    store,
    tools.ask,
    (given) => {
      answer = given;
      show();
    },
    tools.timed,
  );

  const questionOf = (state, view = state.view) => (state.moment && state.listing ? views[view].question(state) : null);

  const show = unlessPressed(root, { life: store.life, presses: tools.presses }, () => {
    const state = store.get();
    const question = questionOf(state);
    const fits = question && answer?.key === keyOf(question) ? answer : null;
    views[state.view].show(state, fits?.found ? fits : null);
    const behind = fits && fits.t !== state.moment.t && (state.playing || isPassing(state));
    const text = fits?.refused
      ? refusal(state.words, fits.refused)
      : behind
        ? say(state.words, "view.late", { t: count(fits.t) })
        : "";
    if (said.textContent !== text) said.textContent = text;
  });

  function update(state) {
    if (!asker.want(state.moment?.t, questionOf(state))) show(); // what is known already has been shown
  }

  function forget(state) {
    answer = null;
    asker.forget();
    update(state);
  }

  part("views").addEventListener("pointerdown", ({ target }) => {
    const state = store.get();
    const tab = target.closest("[role=tab]");
    if (tab && state.moment) asker.expect(state.moment.t, questionOf(state, tab.dataset.tab)); // before it is lifted
  });
  tabs(part("views"), store, "view", (name) => {
    for (const [each, panel] of Object.entries(panels)) panel.hidden = each !== name;
  });
  store.on(["listing"], forget);
  for (const { name, watches } of VIEWS)
    store.on([...ALWAYS, ...watches], (state) => state.view === name && update(state));
  show();
  return { marks: (/** @type {any} */ state) => views[state.view].marks?.(state) ?? [] };
}

/** @type {import("../base/feature.js").Feature} */
export const inspector = {
  name: "inspector",
  slot: "inspector",
  state: { ...keysOf(VIEWS), view: ofView("why", oneOf(namesOf(VIEWS))) },
  mount,
};
