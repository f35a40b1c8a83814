// Proof: parameters nudged to both sides, the chosen one or some drawn at random.

import { parameterOf } from "../../tensor/tensors.js";
import { locate } from "../../base/time.js";
import { fields, number, whole } from "../../base/codecs.js";
import { ofView, PRESET } from "../../base/keys.js";

export const [NARROWEST, WIDEST] = [2 ** -6, 2 ** 6]; // reaches to each side
export const DRAWN = 20; // parameters at random
const POINTS = 61; // of the curve

/** The chosen parameter as {tensor, index}, or null where there is none. */
export function chosenOf({ selected }) {
  const tensor = selected && parameterOf(selected.tensor);
  return tensor ? { tensor, index: selected.index } : null;
}

/** The program whose passes lead to the moment, which may have had other parameters than there are now. */
export const programOf = ({ listing }, t) => locate(listing, t).segment.program;

/** Whether a program computes a tensor. */
export const writes = (program, name) => program.some((step) => step.writes.includes(name));

/** What is asked: of the chosen parameter while the program computes it, and of so many at random. */
export function question(state) {
  const { tensor, index } = chosenOf(state) ?? {};
  const there = tensor && writes(programOf(state, state.moment.t), tensor);
  const { reach, seed } = state.proof;
  if (!there && !seed) return null;
  return {
    question: "proof",
    ...(there ? { elements: [[tensor, index]], reach, points: POINTS } : {}),
    ...(seed ? { draw: DRAWN, seed } : {}),
  };
}

/** @type {import("../../base/feature.js").Feature} */
export const proof = {
  name: "proof",
  state: { proof: ofView({ reach: 1, seed: 0 }, fields({ reach: number(NARROWEST, WIDEST), seed: whole(0) }), PRESET) },
  watches: ["selected", "proof"],
  question,
  load: () => import("./panel.js"),
};
