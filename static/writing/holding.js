// Whether the expressions that are typed hold at the moment that is shown.

import { createAsker } from "../ask/query.js";

/** Keep the marks below `root` that stand beside expressions. Returns what has them asked for anew. */
export function keepHolding(root, { store, ask, say, timed }) {
  const marks = () => [...root.querySelectorAll("[data-expression]")];
  let asked = [];

  function tell(values) {
    for (const mark of marks()) {
      const value = values?.[asked.indexOf(mark.dataset.expression)];
      const name = value === true ? "true" : value === false ? "false" : "none";
      mark.textContent = value === undefined ? "" : say(`writing.holds.${name}`);
    }
  }

  const asker = createAsker(store, ask, ({ found }) => tell(found?.values), timed);

  function want() {
    const { moment } = store.get();
    const expressions = [...new Set(marks().map(({ dataset }) => dataset.expression))].filter(Boolean);
    if (!moment) return;
    asked = expressions;
    if (!expressions.length) tell(null);
    asker.want(moment.t, expressions.length ? { question: "expressions", expressions } : null);
  }

  return {
    want,
    /** Have them asked for, though they may be the same: they stand in new places. */
    anew() {
      asker.forget();
      want();
    },
  };
}
