// The truth of predictions: the scenes where they are asked and where their truth is seen, and what is remembered of an answer.

import { write } from "../scene/fragment.js";
import { choiceOf } from "../tensor/tensors.js";

/** The scene of a prediction of the engine's own run. */
export const ofPrediction = ({ experiment, t, example }) => ({
  experiment,
  t,
  view: example === null ? {} : { example },
});

/** `openScene` and `clock` are the mount's; `predicting` asks for the truth. */
export function createTruth({ all, store, openScene, clock }, { predicting, offers }) {
  /** Show a scene with these values of the view beside it, by hand or as a link asks for it; with these alone, where there is none or it is refused. */
  async function openAt(scene, beside, byHand = true) {
    const view = { ...scene?.view, ...beside };
    if (!scene || !(await openScene({ ...scene, view }, byHand))) store.set(beside);
  }

  return {
    openAt,

    /** Show the truth of what is asked where it is seen. Resolves to what is remembered of the answer, or null. */
    async reveal(asked, beside) {
      const { found, answer } = asked;
      const revealed = await predicting.revealed(found, answer);
      if (!revealed) {
        store.set({ notice: { text: "lesson.lost" } });
        return null;
      }
      asked.revealed = revealed;
      const { kind, concept, seed } = found;
      const experiment = found.experiment ?? store.get().listing.experiment;
      const view = revealed.example === null ? {} : { example: revealed.example, arrowsOf: "example" }; // whose arrow it is
      const scene = { experiment, t: revealed.t, view };
      if (found.here) await clock.seek(revealed.t);
      else await openAt({ ...scene, view: { ...view, grain: store.get().grain } }, beside);
      if (answer === null) return null;
      return { kind, concept, seed, answer, right: revealed.right, scene: write(scene, offers) };
    },

    /** All of the reason, in the inspector. */
    explain({ revealed }) {
      const { listing, example } = store.get();
      const [tensor, index] = revealed.select;
      store.set({ ...choiceOf(tensor, index, listing.tensors, example), view: "why", tab: "side" });
      all.querySelector("[data-region=inspector]").scrollIntoView({ block: "nearest" });
    },
  };
}
