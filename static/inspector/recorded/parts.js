// The elements of the view of a recorded run, and what fills them.

import { make } from "../../base/dom.js";
import { say } from "../../base/words.js";
import { createSides } from "./sides.js";
import { mayBe } from "./view.js";
import { rowsOf } from "./words.js";

/** How a training loop in PyTorch is recorded. */
const CODE = `import backscope

with backscope.watch(model, optimizer, loss):
    for x, y in batches:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()`;

/** The elements, with words but for those that change. */
export function createParts(hears) {
  const sides = createSides(hears);
  const parts = {
    how: make("div", { className: "recorded-how" }),
    unfit: make("div", { className: "recorded-found" }),
    verdict: make("div", { className: "recorded-verdict" }),
    go: make("button", { type: "button", className: "quiet-button" }),
    remarks: make("div", { className: "remarks" }),
    begin: make("select"),
    select: make("select"),
    place: make("p"),
    notes: make("div", { className: "remarks" }),
    sides,
    element: make("div", { className: "recorded-element" }),
  };
  parts.go.dataset.word = "recorded.go";
  parts.begin.dataset.label = "recorded.begin";
  parts.select.dataset.label = "recorded.tensor";
  const { verdict, go, remarks, begin, select, place, notes, element } = parts;
  parts.found = make(
    "div",
    { className: "recorded-found" },
    verdict,
    go,
    remarks,
    begin,
    select,
    place,
    notes,
    ...sides.elements,
    element,
  );
  return parts;
}

/** How to record a run of one's own, shown where the run is none. */
export function howTo(words) {
  const code = make("code", { textContent: CODE });
  return [
    make("p", { className: "quiet", textContent: say(words, "recorded.how") }),
    make("pre", { tabIndex: 0 }, code),
    make("p", { className: "quiet", textContent: say(words, "recorded.how.open") }),
  ];
}

/** The numbers of an element in both runs, below its title. */
export function elementOf(words, title, numbers) {
  const rows = rowsOf(words, numbers).map(([name, number]) => [
    make("dt", { textContent: name }),
    make("dd", { className: "number", textContent: number }),
  ]);
  return [make("b", { textContent: title }), make("dl", {}, ...rows.flat())];
}

/** Put options, [value, text] each, into a select, unless they are there. */
export function fill(select, options, value) {
  const key = JSON.stringify(options);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...options.map(([each, textContent]) => make("option", { value: each, textContent })));
  }
  select.value = value;
}

/** The tensors to choose from: those that were recorded, and the others with a dash. */
export function tensorsOf(listing, names) {
  const rest = Object.keys(listing.tensors).filter((name) => mayBe(name) && !names.includes(name));
  return [...names.map((name) => [name, name]), ...rest.map((name) => [name, `${name} —`])];
}
