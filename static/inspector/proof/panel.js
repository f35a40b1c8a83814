// Proof: parameters nudged to both sides, the chosen one or some drawn at random, and the true curve of C along one.

import { make } from "../../base/dom.js";
import { count } from "../../base/numbers.js";
import { LETTERS, titleOf } from "../../tensor/parameter.js";
import { cellName, split } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { say } from "../../base/words.js";
import { createDrawn } from "./drawn.js";
import { nudged } from "./nudged.js";
import { createObjectiveSlider } from "./objective_slider.js";
import { chosenOf, DRAWN, programOf, question, writes } from "./view.js";

const penalized = (program) => writes(program, "penalty");

/** What must be said of a proof at t, so that its numbers are not taken for others. */
function remarks({ words, listing }, { t, found }) {
  const [{ gradient }] = found.rows;
  const { segment, begin, done } = locate(listing, t);
  const { program } = segment;
  const due = begin + program.findIndex((step) => step.writes.includes(gradient)) + 1;
  const byHand = (listing.experiment.changes ?? []).some(
    (change) => change.value !== undefined && change.t > begin && change.t <= t && change.t < begin + program.length,
  );
  return [
    say(words, penalized(program) ? "proof.about.penalty" : "proof.about", { step: count(found.training_step) }),
    ...(due > begin + done ? [say(words, "proof.ahead", { t: count(due) })] : []),
    ...(byHand ? [say(words, "proof.by_hand")] : []),
  ].map((textContent) => make("p", { className: "quiet", textContent }));
}

export function mount(root, tools) {
  const { store } = tools;
  const empty = make("p", { className: "quiet" });
  const title = make("p", { className: "quiet" });
  const told = make("div", { className: "told" });
  const remark = make("div", { className: "remarks" });
  const button = make("button", { type: "button" });
  const drawn = createDrawn(store);
  const slider = createObjectiveSlider(store, tools);
  root.append(empty, title, told, slider.element, remark, make("div", { className: "draw" }, button), drawn.element);
  let held = {}; // the last answer about what is chosen, and the last draw: they stay until there are others

  /** What there is to show. Of another run or parameter nothing is kept, nor where the question asked last is refused. */
  function hold(state, chosen, answer) {
    const { listing } = state;
    const key = JSON.stringify(question(state));
    if (held.listing !== listing || (!answer && held.key === key)) held = { listing };
    if (answer) held.key = key;
    if (answer?.found.drawn.length) held.draw = answer;
    if (answer?.found.rows.length) held.proof = answer;
    const [row] = held.proof?.found.rows ?? [];
    if (!chosen || !row || cellName(row.tensor, row.index) !== cellName(chosen.tensor, chosen.index)) held.proof = null;
  }

  function showChosen(state, chosen) {
    const { words } = state;
    const { proof } = held;
    const program = programOf(state, proof?.t ?? state.moment.t);
    const letters = { C: penalized(program) ? "J" : "C", w: LETTERS[split(chosen.tensor)[0]] };
    title.textContent = titleOf(words, chosen.tensor, chosen.index);
    for (const part of [told, remark]) part.style.visibility = proof ? "" : "hidden"; // so that nothing jumps meanwhile
    if (proof) {
      told.replaceChildren(...nudged(words, letters, proof.found.rows[0]));
      remark.replaceChildren(...remarks(state, proof));
    }
    slider.show(proof, letters);
  }

  let last = [];
  function show(state, answer) {
    const { words, moment, listing } = state;
    if (!moment || !listing) return;
    const chosen = chosenOf(state);
    const there = chosen && writes(programOf(state, moment.t), chosen.tensor);
    hold(state, there && chosen, answer);
    const now = [words, state.selected, state.proof, listing, there, held.proof, held.draw];
    if (now.every((each, i) => each === last[i])) return;
    last = now;
    empty.textContent = there
      ? ""
      : chosen
        ? say(words, "proof.gone", { tensor: chosen.tensor })
        : say(words, "proof.empty");
    for (const part of [title, told, remark, slider.element]) part.hidden = !there;
    if (there) showChosen(state, chosen);
    button.textContent = say(words, "proof.draw", { count: DRAWN });
    button.title = say(words, "proof.draw.hint");
    drawn.show(words, held.draw?.t, held.draw?.found.drawn ?? [], chosen);
  }

  button.addEventListener("click", () => {
    const { proof } = store.get();
    store.set({ proof: { ...proof, seed: proof.seed + 1 } });
  });

  return { show };
}
