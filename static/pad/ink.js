// The ink: where more of it would raise or lower a digit.

import { make } from "../dom.js";
import { say } from "../words.js";

export function inkTab(root) {
  const said = make("p", { className: "quiet" });
  root.append(said);

  function show({ words }) {
    said.textContent = say(words, "pad.ink.empty");
  }

  return { watches: ["target"], show };
}
