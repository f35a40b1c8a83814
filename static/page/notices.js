// Notices over the stage: a lost connection, NaN or infinity, a link that has been copied.

import { throttled } from "../base/throttle.js";
import { count } from "../base/numbers.js";
import { locate } from "../base/time.js";
import { say } from "../base/words.js";

const SHORT = 4000;

function mount(root, { store, ask, clock }) {
  const lost = root.querySelector("[data-part=lost]");
  const trouble = root.querySelector("[data-part=trouble]");
  const said = root.querySelector("[data-part=said]");
  let timer = null;
  let standing = null; // what waits for the line, said until there is one, whatever else is said meanwhile
  let looking = false;

  function showTrouble({ moment, listing, trouble: found, words }) {
    const tensor = moment?.trouble();
    const next = moment && found?.t === moment.t + 1;
    trouble.hidden = !tensor && !next;
    if (trouble.hidden) return;
    trouble.querySelector("span").textContent = textOf(words, listing, found, next, tensor);
    const go = trouble.querySelector("button");
    go.hidden = next || !found?.t;
    go.textContent = say(words, "trouble.go", { t: count(Math.max(0, (found?.t ?? 1) - 1)) });
    if (!found && !looking) find(moment.t);
  }

  function textOf(words, listing, found, next, tensor) {
    if (!found?.tensor) return say(words, "trouble.here", { tensor });
    const blanks = { t: count(found.t), tensor: found.tensor };
    if (!next) return say(words, "trouble.first", blanks);
    const { phase } = locate(listing, found.t).last;
    return say(words, "trouble.next", { ...blanks, phase: say(words, `phase.${phase}`) });
  }

  /** Find where NaN or infinity first appeared; where that takes too long, it is known that it cannot be said. */
  async function find(t) {
    looking = true;
    const answer = await ask({ question: "first_not_finite" }, { t, of: "run" });
    looking = false;
    if (answer?.found) store.set({ trouble: answer.found.first ?? { t: null, tensor: null } });
  }

  /** Training has stopped at NaN or infinity: go to the moment before its first appearance. */
  async function goBefore({ halted }) {
    if (halted === null) return;
    await find(halted);
    const { halted: still, playing, wanted, trouble: found } = store.get();
    if (still !== halted) return;
    store.set({ halted: null });
    if (!playing && wanted === null) clock.seek(found?.t ? found.t - 1 : halted);
  }

  /** Say what waits for the line, and after it what else there is to say, for a while. */
  function showSaid({ notice, words }) {
    store.life.cancel(timer);
    if (notice?.untilConnected) standing = notice;
    const passing = [notice ?? []].flat().filter((each) => each !== standing);
    const all = [standing ?? [], passing].flat();
    said.hidden = !all.length;
    if (!all.length) return;
    said.textContent = all.map(({ text, blanks }) => say(words, text, blanks)).join(" ");
    if (passing.length) timer = store.life.later(() => store.set({ notice: null }), SHORT * passing.length);
  }

  trouble.querySelector("button").addEventListener("click", () => clock.jump(store.get().trouble.t - 1));
  store.on(["moment", "trouble", "words"], throttled(store, showTrouble));
  store.on(["halted"], goBefore);
  store.on(["connected", "full", "words"], ({ connected, full, words }) => {
    lost.hidden = connected && !full;
    lost.textContent = lost.hidden ? "" : say(words, full ? "lost.full" : "lost");
    if (!connected) return;
    standing = null;
    if (store.get().notice?.untilConnected) store.set({ notice: null });
    else showSaid(store.get());
  });
  store.on(["notice", "words"], showSaid);
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const notices = { name: "notices", slot: "notices", mount };
