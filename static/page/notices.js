// Notices over the stage: a lost connection, numbers that are none, a link that has been copied.

import { calm } from "../base/throttle.js";
import { Lost, Refused } from "../ask/connection.js";
import { count } from "../base/numbers.js";
import { say } from "../base/words.js";

const SHORT = 4000;

export function noticesPanel(root, store, ask, clock) {
  const lost = root.querySelector("[data-part=lost]");
  const trouble = root.querySelector("[data-part=trouble]");
  const said = root.querySelector("[data-part=said]");
  let timer = null;
  let looking = false;

  function showTrouble({ moment, trouble: found, words }) {
    const tensor = moment?.trouble();
    trouble.hidden = !tensor;
    if (!tensor) return;
    const text = found
      ? say(words, "trouble.first", { t: count(found.t), tensor: found.tensor })
      : say(words, "trouble.here", { tensor });
    trouble.querySelector("span").textContent = text;
    const go = trouble.querySelector("button");
    go.hidden = !found || found.t === 0;
    go.textContent = say(words, "trouble.go", { t: count(Math.max(0, (found?.t ?? 1) - 1)) });
    if (!found && !looking) find(moment.t);
  }

  async function find(t) {
    looking = true;
    try {
      const { first } = await ask("first_not_finite", t, {});
      if (first) store.set({ trouble: first });
    } catch (error) {
      if (!(error instanceof Lost || error instanceof Refused)) throw error;
    } finally {
      looking = false;
    }
  }

  trouble.querySelector("button").addEventListener("click", () => clock.jump(store.get().trouble.t - 1));
  store.on(["moment", "trouble", "words"], calm(store, showTrouble));
  store.on(["connected", "words"], ({ connected, words }) => {
    lost.hidden = connected;
    lost.textContent = connected ? "" : say(words, "lost");
    if (connected && store.get().notice?.untilConnected) store.set({ notice: null });
  });
  store.on(["notice", "words"], ({ notice, words }) => {
    clearTimeout(timer);
    said.hidden = !notice;
    if (!notice) return;
    const all = [notice].flat();
    said.textContent = all.map(({ text, blanks }) => say(words, text, blanks)).join(" ");
    if (!notice.untilConnected) timer = setTimeout(() => store.set({ notice: null }), SHORT * all.length);
  });
}
