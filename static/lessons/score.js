// The score: how many predictions came true, by concept.

import { make, refill } from "../base/dom.js";
import { say } from "../base/words.js";

const AGAIN = 3; // predictions of a concept that one is led back to at most, the latest

/** The score by concept; what came out otherwise leads to its moment. */
function scoreItems(words, { concepts }, look) {
  return concepts.map(({ concept, right, asked, wrong }) => {
    const name = say(words, `concept.${concept}`);
    const links = wrong.slice(-AGAIN).map((each, i) => {
      const link = make("button", {
        type: "button",
        className: "quiet-button",
        textContent: say(words, "lesson.again"),
      });
      link.ariaLabel = say(words, "lesson.again.of", { concept: name });
      link.dataset.key = `again ${each.step} ${i}`;
      link.addEventListener("click", () => look(each));
      return link;
    });
    return make(
      "li",
      { className: right === asked ? "right" : "wrong" },
      `${name} `,
      make("small", { textContent: `${right} / ${asked}` }),
      ...links,
    );
  });
}

/**
 * Fill `root` with a score, by concept where it `isWhole` or is opened. `look(wrong)` shows the moment of a prediction that
 * came out otherwise.
 */
export function showScore(root, words, found, { look, isWhole }) {
  const { right, asked } = found;
  const open = isWhole || Boolean(root.querySelector("details")?.open);
  root.hidden = !asked;
  root.ariaLabel = say(words, "lesson.score");
  const summary = make("summary", { textContent: say(words, "lesson.score.says", { right, asked }) });
  summary.dataset.key = "score";
  refill(root, make("details", { open }, summary, make("ul", {}, ...scoreItems(words, found, look))));
}
