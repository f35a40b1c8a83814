// A refusal beside the control that caused it.

import { make } from "../base/dom.js";
import { refusal } from "../base/words.js";

/** Where a refused field may be shown: the control of its own name, else of the part that it is in, and so on up. */
export function placesOf(field) {
  const named = (field ?? "").replace(/^change\.learning_rate/, "optimizer.learning_rate").replace(/^change\./, "");
  const parts = named ? named.split(".") : [];
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("."));
}

/** Take away what was refused before. */
export function forgive(body) {
  for (const old of body.querySelectorAll(".refused")) old.remove();
  for (const old of body.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
}

/** Show what was refused: after its control, or else above all of them. */
export function complainIn(body, words, error) {
  forgive(body);
  const said = make("p", { className: "refused", role: "alert", textContent: refusal(words, error) });
  const at = placesOf(error.field)
    .map((place) => body.querySelector(`[data-field="${place}"]`))
    .find(Boolean);
  if (!at) {
    body.prepend(said);
    return;
  }
  at.closest(".layer, .field").after(said);
  (at.matches("input, select") ? at : at.querySelector("input, select"))?.setAttribute("aria-invalid", "true");
}
