// The settings that do not come first: folded behind a button until a person asks for them.

import { make } from "../base/dom.js";

/** The button and what it unfolds: {elements, fold(open), count(others)}, where `others` of those folded are not the preset's. */
export function folded(word, rows, pressed) {
  const button = make("button", { type: "button", className: "more", ariaLabel: word("settings.more") });
  const note = make("small");
  button.title = word("settings.more.hint");
  button.append(make("span", { textContent: word("settings.more") }));
  button.addEventListener("click", pressed);
  const body = make("div", {}, ...rows);
  return {
    body,
    elements: [make("p", { className: "more-line" }, button, note), body],
    fold(open) {
      body.hidden = !open;
      button.ariaExpanded = String(open);
    },
    count(others) {
      note.textContent = others ? word("settings.others", { count: others }) : "";
    },
  };
}
