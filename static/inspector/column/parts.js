// The elements of the column's view: its search, its buttons, what it says, the head of its list and the list.

import { make } from "../../base/dom.js";
import { cellName } from "../../tensor/tensors.js";
import { count } from "../../base/numbers.js";

/** All of them, around a list; `all` stand below each other in the view. */
export function createParts(list) {
  const parts = {
    field: make("input", { type: "search" }),
    biggest: make("button", { type: "button", className: "quiet-button" }),
    jumps: make("div", { className: "jumps" }),
    list,
    total: make("p", { className: "quiet" }),
    note: make("p", { className: "quiet" }),
    head: { parameter: make("span"), scale: make("span"), quantity: make("span", { className: "number" }) },
  };
  const { parameter, scale, quantity } = parts.head;
  parts.biggest.ariaPressed = "false";
  parts.jumps.setAttribute("role", "group");
  parts.note.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  parts.all = [
    make("div", { className: "choose" }, parts.field, parts.biggest),
    parts.jumps,
    parts.total,
    parts.note,
    make(
      "div",
      { className: "entry head" },
      make("span", { className: "place" }),
      parameter,
      make("b"),
      scale,
      quantity,
    ),
    list,
  ];
  return parts;
}

/** A button for each tensor; `jumpTo(tensor)` is called for it. */
export function offerJumps(jumps, tensors, jumpTo) {
  jumps.replaceChildren(
    ...tensors.map((tensor) => {
      const jump = make("button", { type: "button", className: "quiet-button", textContent: tensor.name });
      jump.addEventListener("click", () => jumpTo(tensor));
      return jump;
    }),
  );
}

/** Make the columns of the rows as wide as the longest name and the longest place of these tensors. */
export function widen(root, tensors) {
  const longest = Math.max(
    ...tensors.map(
      ({ name, shape }) =>
        cellName(
          name,
          shape.map((size) => size - 1),
        ).length,
    ),
  );
  root.style.setProperty("--name", `${0.9 * longest}ch`);
  root.style.setProperty("--place", `${count(tensors.at(-1).end).length}ch`);
}
