// The cells of a confusion matrix: their counts, shades and descriptions.

import { channels, mix, textOn } from "../base/colours.js";
import { count, roundScale } from "../base/numbers.js";
import { percent, say } from "../base/words.js";
import { readAs } from "./names.js";

/** The cells of a result: {label, answer, value, of, share}. */
export function cellsOf({ classes, confusion, perClass }) {
  return Array.from(confusion, (value, place) => {
    const [label, answer] = [Math.floor(place / classes), place % classes];
    const { of } = perClass[label];
    return { label, answer, value, of, share: of ? value / of : 0 };
  });
}

/** The rows of the matrix as a table: each class with the answers that its examples were given. */
export function confusionRows({ classes, confusion }) {
  const all = Array.from({ length: classes }, (_, label) => label);
  return [
    ["class", ...all],
    ...all.map((label) => [label, ...confusion.slice(label * classes, (label + 1) * classes)]),
  ];
}

/** The share of a row that is full ink: a round one above the largest off the diagonal. */
export const scaleOf = (cells) =>
  roundScale(Math.max(...cells.filter(({ label, answer }) => label !== answer).map(({ share }) => share)));

/** How a cell is painted: off the diagonal as dark as its share; the diagonal is right, and stands apart. */
export function lookOf(cell, scale, colours) {
  if (cell.label === cell.answer) return { background: colours.surface, colour: colours.text };
  const background = mix(colours.paper, colours.ink, Math.min(1, cell.share / scale));
  return { background, colour: cell.value ? textOn(channels(background)) : colours.muted };
}

/** A mark for each cell. */
export function cellMarks(cells, colours) {
  const scale = scaleOf(cells);
  return cells.map((cell) => ({
    kind: "confusion",
    tensor: "confusion",
    index: [cell.label, cell.answer],
    value: cell.value,
    colour: lookOf(cell, scale, colours).background,
    size: 1,
  }));
}

/** What a cell counts, in a sentence. */
export const sentenceOf = (words, listing, cell) =>
  say(words, "learned.cell", {
    reading: readAs(words, listing, cell),
    value: count(cell.value),
    of: count(cell.of),
    share: percent(words, cell.share),
  });

/** To which scale the cells are painted, and how many examples have got no answer. */
export function legendOf(words, predictions, cells) {
  const lost = predictions?.done && cells.length ? predictions.done - predictions.answered : 0;
  const legend = say(words, "learned.confusion.legend", {
    share: percent(words, cells.length ? scaleOf(cells) : NaN, 0),
  });
  return lost ? `${legend} ${say(words, "learned.lost", { count: count(lost) })}` : legend;
}

/** The place of the cell next to one, [down, right]; null beyond the edge. */
export function beside(place, [down, right], classes) {
  const [row, column] = [Math.floor(place / classes) + down, (place % classes) + right];
  return row < 0 || column < 0 || row >= classes || column >= classes ? null : row * classes + column;
}
