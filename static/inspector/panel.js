// The inspector: what is chosen in the network, seen in one of several views, each with the server's answer to it.

import { createAsker } from "../ask/query.js";
import { keyOf } from "../ask/memory.js";
import { count } from "../base/numbers.js";
import { unlessPressed } from "../base/pressed.js";
import { columnView } from "./column/view.js";
import { examplesView } from "./examples/view.js";
import { matrixView } from "./matrix/view.js";
import { proofView } from "./proof/view.js";
import { whyView } from "./why/view.js";
import { wishesView } from "./wishes/view.js";
import { refusal, say } from "../base/words.js";
import { tabs } from "../base/tabs.js";

/**
 * @typedef {object} View
 * @property {string[]} watches
 * @property {(state: any) => {question: string} | null} question
 * @property {(state: any, answer: any) => void} show
 */

/**
 * The views by name.
 *
 * @type {Record<string, (root: HTMLElement, store: any, tools: any) => View>}
 */
export const VIEWS = {
  why: whyView,
  examples: examplesView,
  wishes: wishesView,
  column: columnView,
  proof: proofView,
  matrix: matrixView,
};
const ALWAYS = ["moment", "listing", "words", "view"];

/**
 * Set up the inspector. `tools` are what views may use, {ask, change, fetchFile}, and {timed}, which hears how long answers took.
 *
 * A view's `watches` are the names of the store's values that it depends on, beside the moment, listing and words.
 * `question(state)` is {question, ...fields} to be asked of the moment that is shown, or null. `show(state, answer)`
 * fills the view's root; `answer` is {t, found} with the answer to that question, at this moment or an earlier one, or
 * null while there is none. Only the view in front is asked and shown.
 */
export function inspectorPanel(root, store, tools) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const views = Object.fromEntries(Object.entries(VIEWS).map(([name, view]) => [name, view(part(name), store, tools)]));
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

  const wishOf = (state, view = state.view) => (state.moment && state.listing ? views[view].question(state) : null);

  const show = unlessPressed(root, () => {
    const state = store.get();
    const wish = wishOf(state);
    const fits = wish && answer?.key === keyOf(wish) ? answer : null;
    views[state.view].show(state, fits?.found ? fits : null);
    const behind = fits && fits.t !== state.moment.t && state.playing;
    const text = fits?.refused
      ? refusal(state.words, fits.refused)
      : behind
        ? say(state.words, "view.late", { t: count(fits.t) })
        : "";
    if (said.textContent !== text) said.textContent = text;
  });

  function update(state) {
    if (!asker.want(state.moment?.t, wishOf(state))) show(); // what is known already has been shown
  }

  function forget(state) {
    answer = null;
    asker.forget();
    update(state);
  }

  part("views").addEventListener("pointerdown", ({ target }) => {
    const state = store.get();
    const tab = target.closest("[role=tab]");
    if (tab && state.moment) asker.expect(state.moment.t, wishOf(state, tab.dataset.tab)); // before it is lifted
  });
  tabs(part("views"), store, "view", (name) => {
    for (const each of Object.keys(VIEWS)) part(each).hidden = each !== name;
  });
  store.on(["listing"], forget);
  for (const [name, view] of Object.entries(views))
    store.on([...ALWAYS, ...view.watches], (state) => state.view === name && update(state));
  show();
}
