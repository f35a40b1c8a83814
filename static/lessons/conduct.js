// Leads from step to step: opens their scenes, asks for their predictions, and shows where the truth is seen.

import { sceneOf } from "../scene/keep.js";
import { read } from "../scene/fragment.js";
import { linkOf, nearest, readOf } from "./place.js";
import { besideOf } from "./progress.js";
import { createTruth, ofPrediction } from "./truth.js";

/** Whether a step begins with a scene of its own, or of its prediction. */
const brings = ({ scene, predict }) => scene !== null || (predict !== null && predict.seed !== null);

/** What finds the scene that a step is in: as it was when one came to it, its own, or that of the last step before it with one. */
function createScenes({ predicting, visitAt, offers }) {
  return async function sceneAt({ name, steps }, step) {
    for (let i = step; i >= 1; i -= 1) {
      const { scene, predict } = steps[i - 1];
      const kept = visitAt(linkOf({ name, step: i })).scene;
      if (kept) return kept;
      if (predict && predict.seed !== null) {
        const asked = await predicting.asked(predict, 0);
        return asked?.found ? ofPrediction(asked.found) : null;
      }
      if (scene !== null) return read(scene, offers);
    }
    return null;
  };
}

/**
 * `at()` is what is shown, {lesson, place, step, visit}; `visitAt(link)` what has been done at a step. `tools` are the mount's.
 */
export function createConduct(tools, { shelf, predicting, visitAt, offers, language, at }) {
  const { store, leave, clock } = tools;
  const truth = createTruth(tools, { predicting, offers });
  const sceneAt = createScenes({ predicting, visitAt, offers });
  let arriving = null; // {name, lesson}: the lesson that a step was just opened of
  let pressed = false; // whether the step that is shown was opened by hand

  async function lesson(name) {
    const there = arriving?.name === name ? arriving.lesson : await shelf.lesson(name, language());
    arriving = null;
    return there;
  }

  /** Show a scene with the text of a step beside it, by hand or as a link asks for it. */
  async function openAt(scene, link, byHand = true) {
    pressed = byHand;
    await truth.openAt(scene, { lesson: link }, byHand);
  }

  /** Show the scene of a step. */
  const sceneOfStep = async ({ lesson: found, place }, byHand) =>
    openAt(await sceneAt({ ...found, name: place.name }, place.step), linkOf(place), byHand);

  async function go(name, asked) {
    const found = await shelf.lesson(name, language());
    arriving = found ? { name, lesson: found } : null;
    const step = nearest(readOf(found?.steps ?? [], store.get().questionsAlone), asked);
    const link = linkOf({ name, step });
    const now = at();
    const goesOn = now?.place.name === name && now.place.step === step - 1 && !brings(found.steps[step - 1]);
    if (!goesOn) return openAt(found?.steps.length ? await sceneAt({ ...found, name }, step) : null, link);
    pressed = true;
    visitAt(link).scene = sceneOf(store.get(), store.keys);
    leave();
    return store.set({ lesson: link });
  }

  return {
    lesson,
    go,
    openAt,
    byHand: () => pressed,
    /** Open a lesson at the step that one has come to; from its end, at its beginning. */
    async open(name, step) {
      const found = await shelf.lesson(name, language());
      await go(name, found && step >= found.steps.length ? 1 : step);
    },
    hasScene: ({ steps }, step) => steps.slice(0, step).some(brings),
    restore: (now) => sceneOfStep(now, true),
    /** Show the scene of a step whose link has none. */
    bring: (now) => sceneOfStep(now, false),

    /** What a step asks; in the run that is shown, from t on, the run is taken to the moment that is asked about. */
    async asked(predict, t) {
      const asked = await predicting.asked(predict, t);
      if (asked?.found?.here && asked.found.t !== t) await clock.seek(asked.found.t);
      return asked;
    },

    /** Show the truth of a prediction where it is seen. Resolves to what is remembered of the answer, or null. */
    reveal: ({ visit, place }) => truth.reveal(visit.asked, { lesson: linkOf(place) }),

    /** The moment of a prediction that came out otherwise, beside what it was asked in. */
    look: ({ step, scene }) => truth.openAt(read(scene, offers), besideOf(step)),

    /** All of the reason, in the inspector. */
    explain: ({ visit }) => truth.explain(visit.asked),
  };
}
