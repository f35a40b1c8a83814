// What a step keeps up while it is shown: the numbers of its expressions at each moment, and the marks that it lights.

import { createAsker } from "../ask/query.js";
import { expressionsOf } from "./numbers.js";
import { cellsOf } from "./prose.js";

/** Have the numbers and conditions of a step's expressions asked for at each moment: `of()` gives the step that is shown. */
export function watchValues({ store, ask, timed }, of, refresh) {
  let values = {};
  const asker = createAsker(
    store,
    ask,
    ({ found }) => {
      const step = of();
      if (!found || !step) return;
      values = Object.fromEntries(expressionsOf(step).map((text, i) => [text, found.values[i] ?? null]));
      refresh(values);
    },
    timed,
  );
  function want({ moment, listing }) {
    const step = of();
    if (!step || !moment || !listing) return;
    const expressions = expressionsOf(step);
    asker.want(moment.t, expressions.length ? { question: "expressions", expressions } : null);
    refresh(values);
  }
  store.on(["moment", "listing", "selected", "playing", "drawing"], want);
  return {
    begin() {
      values = {};
      asker.forget();
      want(store.get());
    },
  };
}

/** Have the cells that `of()` gives lit while nothing else is. Returns what lights them again. */
export function keepLit(store, of) {
  const light = () => {
    const { lit, listing } = store.get();
    const cells = of();
    const found = !lit.length && listing ? cellsOf(cells, listing) : [];
    if (found.length) store.set({ lit: found });
  };
  store.on(["lit", "listing"], light);
  return light;
}
