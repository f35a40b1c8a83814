// The room of a test, taken before or after a course. Nothing is revealed before its end.

import { questionOf } from "../lessons/prediction_text.js";
import { rest } from "../lessons/rest.js";
import { ofResult } from "./files.js";
import { createTaking } from "./taking.js";
import { createTestView } from "./test_view.js";

// What rests while the run is held at the moment that an item asks about.
const HELD = ["above", "transport", "experiment", "loss", "side"];

/** Have the parts of a mount rest that lead to another moment, or tell of one. */
function hold({ all, store }, held) {
  if (store.get().held === held) return;
  store.set({ held });
  for (const name of HELD) all.querySelector(`main > .${name}`).inert = held;
  rest(all, held ? [] : null);
}

/** `test` is its name. `tools` are the mount's, `shared` what the rooms of practice share. */
export function createTest(test, tools, shared) {
  const { store } = tools;
  const { kinds, kept, room, tell, leave, save, read } = shared;
  const items = () => kinds().tests[test];
  const taking = createTaking(tools, { ...shared, test, items, changed });
  let isShown = false;
  let away = false;
  let refused = null; // the word for a file that is none of ours, with its name

  const view = createTestView(store, test, {
    leave,
    room,
    begin: taking.begin,
    go: taking.go,
    restore: taking.show,
    look: taking.look,
    name: taking.name,
    async finish() {
      if (!(await taking.finish())) return;
      changed();
      view.heading.focus();
    },
    choose(answer) {
      taking.choose(answer);
      changed();
    },
    save: () => save(ofResult(taking.result())),
    again() {
      taking.forget();
      changed();
    },
    async take([file]) {
      if (!file) return;
      const { result, wrong = "practice.file.same_test" } = await read(file);
      if (result && result.test !== test) take(result);
      else refused = { word: result ? "practice.file.same_test" : wrong, file: file.name };
      changed();
    },
  });

  /** Take the result of the other test. */
  function take(result) {
    refused = null;
    kept.set({ results: { ...kept.get().results, [result.test]: result } });
    changed();
  }

  function changed() {
    if (!isShown) return;
    const [begun, result, asked] = [taking.begun(), taking.result(), taking.asked()];
    const { results } = kept.get();
    away = taking.isAway();
    hold(tools, asked !== null && result === null);
    view.show({
      asked: asked && begun ? { ...asked, answer: begun.answers[asked.step], revealed: null } : null,
      begun,
      result,
      results,
      name: Object.values(results).find(Boolean)?.name ?? "",
      count: items().length,
      reasons: taking.reasons(),
      away,
      refused,
    });
    const question = asked && questionOf({ ...asked, revealed: null }, store.get());
    tell({ step: asked ? asked.step + 1 : null, steps: items().length, question });
  }

  return {
    root: view.root,
    heading: view.heading,
    take,
    show() {
      isShown = true;
      changed();
      if (taking.result()) {
        if (!taking.reasons().length) taking.explain().then(changed);
      } else if (taking.begun() && !taking.asked()) taking.go(taking.begun().step);
    },
    /** The run has another moment, or is another. */
    moved() {
      if (taking.isAway()) taking.hold();
      else if (taking.begun() && !taking.asked() && store.get().connected) taking.go(taking.begun().step);
      if (away !== taking.isAway()) changed();
    },
    close() {
      isShown = false;
      taking.leave();
      hold(tools, false);
      tell(null);
    },
  };
}
