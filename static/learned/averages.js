// What the pictures of each class look like on average, and those that the network calls so.

import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { say } from "../base/words.js";
import { canvasOf, marksOf, pictureOf } from "./picture.js";

const PICTURE = 784;

/** The mean of the inputs that were given an answer; null where there was none. */
function calledSo({ called, confusion, classes }, answer) {
  let given = 0;
  for (let label = 0; label < classes; label++) given += confusion[label * classes + answer];
  const mean = called.slice(answer * PICTURE, (answer + 1) * PICTURE).map((value) => value / given);
  return { given, mean: given ? mean : null };
}

export function averagesPart(root, store, { ask, show }) {
  const title = make("h3");
  const rows = make("div", { className: "averages" });
  const told = make("p", { className: "quiet" });
  root.append(title, make("div", { className: "scroll" }, rows), told);
  let [averages, asked] = [null, ""];
  let drawn = [];

  async function fetch(listing, key) {
    asked = key;
    averages = await ask("averages", {});
    if (!averages) asked = "";
    show();
  }

  function picture(state, tensor, label, data, hint) {
    const mark = data && pictureOf(tensor, label, data);
    if (mark) drawn.push(mark);
    return mark
      ? canvasOf(mark, palette(root), hint)
      : make("span", { className: "small-picture empty", textContent: "—", title: hint });
  }

  return {
    show(state) {
      const { words, listing, predictions } = state;
      const key = JSON.stringify(listing.experiment.dataset);
      if (asked !== key) fetch(listing, key);
      drawn = [];
      title.textContent = say(words, "learned.averages");
      told.textContent = say(words, "learned.averages.says");
      const labels = Array.from({ length: listing.sizes.at(-1) }, (_, label) => label);
      const [means, counts] = [averages?.get("mean").data, averages?.get("count").data];
      const own = labels.map((label) =>
        picture(
          state,
          "mean",
          label,
          means?.slice(label * PICTURE, (label + 1) * PICTURE),
          counts ? say(words, "learned.average", { label, count: count(counts[label]) }) : "—",
        ),
      );
      const called = labels.map((label) => {
        const found = predictions?.classes ? calledSo(predictions, label) : null;
        return picture(
          state,
          "called",
          label,
          found?.mean,
          found ? say(words, "learned.called", { label, count: count(found.given) }) : "—",
        );
      });
      rows.style.setProperty("--columns", String(labels.length));
      rows.replaceChildren(
        make("span"),
        ...labels.map((label) => make("b", { textContent: String(label) })),
        make("span", { className: "quiet", textContent: say(words, "learned.averages.own") }),
        ...own,
        make("span", { className: "quiet", textContent: say(words, "learned.averages.called") }),
        ...called,
      );
    },
    marks: () => drawn.flatMap((mark) => marksOf(mark, palette(root))),
  };
}
