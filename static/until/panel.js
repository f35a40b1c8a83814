// The panel of Stop when: the list of conditions, each beside what is refused of it, and why the run has stopped.

import { Lost, Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { base64 } from "../pad/strokes.js";
import { untilOf } from "../transport/stops.js";
import { causeOf } from "./cause.js";
import { fresh, refusedIn, replaced, without } from "./list.js";
import { rowOf } from "./row.js";

const MOST = 12;

/** The parts of the panel, in order. */
function partsOf(root) {
  const title = make("b");
  const close = make("button", { type: "button", className: "icon", textContent: "✕" });
  const [cause, list] = [make("section", { className: "stop-cause", hidden: true }), make("ol")];
  const [says, general] = [make("p", { className: "quiet" }), make("p", { className: "refused", role: "alert" })];
  const add = make("button", { type: "button" });
  const summary = make("summary");
  const all = make("details", { open: true }, summary, says, list, general, add);
  cause.setAttribute("role", "status");
  root.append(make("div", { className: "stop-title" }, title, close), cause, all);
  return { title, close, cause, all, summary, list, says, general, add };
}

/** Asks what the server says of the conditions and of a stop; `tell` hears each answer. */
function createAsked({ store, ask }, tell) {
  let turn = 0;
  return {
    /** Which conditions there are in the run that is shown, and what is wrong with those of the list. */
    async check() {
      const mine = ++turn;
      const { stops, moment } = store.get();
      if (!moment) return;
      const asks = { of: "run", t: moment.t };
      const until = untilOf(stops);
      const offered = await ask({ question: "conditions" }, asks);
      const checked = until.length ? await ask({ question: "conditions", until }, asks) : null;
      if (mine !== turn || !offered?.found) return;
      tell({ kinds: offered.found.kinds, error: checked?.refused ?? null });
    },
    async why(stopped) {
      const answer = await ask({ question: "stopped", condition: stopped.condition }, { of: "run", t: stopped.t });
      if (store.get().stopped === stopped && answer?.found) tell({ found: answer.found });
    },
  };
}

/** What the buttons of a stop do. */
function actsOf({ store, clock, fork }) {
  return {
    go: (t) => clock.seek(t, 200),
    async inspect({ tensor, index, at, example }) {
      await clock.seek(at);
      const { inspected } = store.get();
      const selected = { kind: "parameter", tensor, index };
      store.set({
        projector: false,
        tab: "side",
        view: "why",
        inspected: inspected + 1,
        selected,
        ...(example !== null && { example }),
      });
    },
    cure: async ({ change }) => {
      const { t } = store.get().stopped;
      try {
        await fork(null, { t: t - 1, change });
      } catch (error) {
        if (error instanceof Lost) return;
        if (!(error instanceof Refused)) throw error;
        store.set({ notice: { text: "refused", blanks: { said: refusal(store.get().words, error) } } });
      }
    },
  };
}

/** Set up the panel in `root`, a popover. */
export function mount(root, tools) {
  const { all, store } = tools;
  const parts = partsOf(root);
  const acts = actsOf(tools);
  const known = { kinds: [], error: null, found: null }; // what the server has said
  const asked = createAsked(tools, (told) => {
    Object.assign(known, told);
    show();
  });
  const put = (stops) => store.set({ stops, stopsRefused: null });

  function showList({ words, stops, drawing }) {
    const refused = known.error && refusedIn(stops, known.error.field);
    const offer = {
      kinds: known.kinds,
      drawing: drawing && base64(drawing.picture),
      refused: refused && { ...refused, error: known.error },
    };
    const controls = () => /** @type {HTMLElement[]} */ ([...parts.list.querySelectorAll("input, select, button")]);
    const focused = controls().findIndex((each) => each === root.ownerDocument.activeElement);
    const rows = stops.map((stop, place) =>
      rowOf(words, offer, stop, place, {
        put: (next) => put(replaced(stops, place, next)),
        remove: () => put(without(stops, place)),
      }),
    );
    parts.list.replaceChildren(...rows);
    if (focused >= 0) controls()[focused]?.focus();
    parts.general.hidden = !known.error || Boolean(refused);
    parts.general.textContent = parts.general.hidden ? "" : refusal(words, known.error);
    parts.add.disabled = stops.length >= MOST || !known.kinds.length;
  }

  function showCause({ words, stopped, moment }) {
    parts.cause.hidden = parts.summary.hidden = !stopped;
    if (!stopped || !moment) return;
    parts.cause.replaceChildren(...causeOf(words, { stopped, found: known.found, t: moment.t }, acts));
  }

  function show() {
    const state = store.get();
    const { words } = state;
    parts.title.textContent = say(words, "stop_when");
    parts.close.ariaLabel = parts.close.title = say(words, "until.close");
    parts.summary.textContent = say(words, "until.all");
    parts.says.textContent = say(words, "until.hint");
    parts.add.textContent = say(words, "until.add");
    showCause(state);
    showList(state);
  }

  parts.close.addEventListener("click", () => {
    root.hidePopover();
    all.querySelector("[data-control=stop-when]").focus();
  });
  parts.add.addEventListener("click", () => {
    const { stops } = store.get();
    const kind =
      known.kinds.find(({ name, unfit }) => name === "loss_rises" && !unfit) ?? known.kinds.find(({ unfit }) => !unfit);
    put([...stops, fresh(kind)]);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") parts.close.click();
    event.stopPropagation(); // keys do not step the run meanwhile
  });
  store.on(["stops", "stopsOpen", "listing"], () => asked.check());
  store.on(["stopped"], ({ stopped }) => {
    known.found = null;
    parts.all.open = !stopped; // why it has stopped comes first
    if (stopped) asked.why(stopped);
  });
  store.on(["stopped", "stopsRefused"], ({ stopped, stopsRefused }) => {
    if (stopsRefused) known.error = stopsRefused;
    if ((stopped || stopsRefused) && !root.matches(":popover-open")) root.showPopover();
  });
  store.on(["words", "stops", "stopped", "stopsRefused", "drawing"], show);
  store.on(["moment"], ({ stopped }) => stopped && showCause(store.get()));
  return {};
}
