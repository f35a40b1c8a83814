// The micro-step that has just run: its formula, and the NumPy that ran.

import { make } from "../dom.js";
import { locate } from "../time.js";
import { say } from "../words.js";

function shapes(listing, moment, step) {
  return [...step.reads, ...step.writes]
    .map((name) => `${name} (${listing.tensors[name].map((axis) => (axis === "example" ? (moment.examples || "m") : listing.sizes[axis])).join(", ")})`)
    .join("   ");
}

export function stepPanel(root, store) {
  const now = root.querySelector("[data-part=now]");
  let shownStep = null;

  function show({ moment, listing, words }) {
    if (!moment || !listing) return;
    const { last: step } = locate(listing, moment.t);
    if (step === shownStep && now.dataset.words === words.language) return;
    shownStep = step;
    now.dataset.words = words.language;
    if (!step) {
      now.replaceChildren(make("p", { className: "quiet", textContent: say(words, "now.start") }));
      return;
    }
    const formula = make("div", { className: "formula", innerHTML: step.formula });
    const settings = step.settings.map(([symbol, value]) => make("span", { innerHTML: `${symbol} = ${value}` }));
    const code = make("pre", {}, make("code", { textContent: step.source }), make("i", { textContent: `\n${shapes(listing, moment, step)}` }));
    now.replaceChildren(
      make("p", { className: "title" }, make("b", { textContent: say(words, `equation.${step.equation}`) })),
      formula,
      ...(settings.length ? [make("p", { className: "settings" }, ...settings)] : []),
      make("p", { className: "quiet", textContent: say(words, `equation.${step.equation}.says`) }),
      code,
    );
  }

  store.on(["moment", "listing", "words"], show);
}
