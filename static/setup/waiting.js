// What has been asked for in mid-run and is not in force yet: its control says from when on it will be.

import { make } from "../base/dom.js";

const METHODS = ["optimizer", "schedule"]; // whose settings belong to the method of that name

/** The part of a plain form that a path of names leads to. */
export const at = (plain, path) => path.reduce((part, name) => part?.[name], plain);

/** Whether a field has another setting in two experiments; a method's settings come with its name. */
export function isOther(field, one, other) {
  const path = field.split(".");
  const [before, after] = [at(one, path), at(other, path)];
  if (typeof before === "object" || typeof after === "object") return false; // a group, whose parts are told of
  if (METHODS.includes(path[0]) && before === undefined) return path[1] === "name" && after !== undefined;
  return (before || 0) !== (after || 0); // where nothing is said, the setting is off
}

/** Put `text` beside each control in `root` that shows another setting than the one in force. */
export function noteWaiting(root, inForce, asked, text) {
  for (const element of root.querySelectorAll("[data-field]")) {
    const { field } = element.dataset;
    if (!isOther(field, inForce, asked)) continue;
    const row = element.closest(".layer, .field");
    const id = `waiting-${(row.dataset.field ?? field).replaceAll(".", "-")}`;
    if (!root.querySelector(`#${id}`)) row.after(make("p", { id, className: "waiting-note", textContent: text }));
    const control = element.matches("input, select") ? element : element.querySelector("input, select");
    control.setAttribute("aria-describedby", id);
  }
}
