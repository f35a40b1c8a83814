// One row of the column: a parameter's place and name, its arrow, a bar as long as its number is large, and the number.

import { make } from "../../base/dom.js";
import { count, exact, signed } from "../../base/numbers.js";

/** An empty row. */
export function createRow() {
  const parts = {
    place: make("span", { className: "place" }),
    name: make("span"),
    arrow: make("b"),
    bar: make("i"),
    number: make("span", { className: "number" }),
  };
  const row = Object.assign(make("div", { className: "entry" }), { parts });
  row.setAttribute("role", "option");
  const { place, name, arrow, bar, number } = parts;
  row.append(place, name, arrow, make("span", { className: "bar" }, bar), number);
  return row;
}

/** The direction of an arrow that shows this number: "up", "down" or none. */
function wayOf(shown) {
  if (!Number.isFinite(shown) || shown === 0) return "";
  return shown > 0 ? "up" : "down";
}

/** Write a row: `look` has what it says and how it is marked. */
export function fillRow(row, { id, position, length, place, name, value, arrows, scale, title, active, chosen, lit }) {
  const { parts } = row;
  const shown = value && arrows.sign * value; // as its arrow has it
  const way = wayOf(shown);
  row.id = id;
  row.title = title;
  row.className = ["entry", way, active && "active", lit && "lit"].filter(Boolean).join(" ");
  row.setAttribute("aria-posinset", String(position + 1));
  row.setAttribute("aria-setsize", String(length));
  row.setAttribute("aria-selected", String(chosen));
  parts.place.textContent = count(place + 1);
  parts.name.textContent = name;
  parts.arrow.textContent = { up: "↑", down: "↓" }[way] ?? "";
  parts.bar.style.width = `${value === undefined ? 0 : 100 * Math.min(1, Math.abs(value) / scale || 0)}%`;
  parts.number.textContent = signed(shown);
  parts.number.title = exact(shown);
}
