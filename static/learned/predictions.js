// How well a network answers a whole split: asked in parts, one after the other, so that a seek is answered in between.

const PART = 10000; // examples that a question asks for; the server answers with as many as there is time for
const NO_ANSWER = -1;

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Arrays of the same length added up, element by element. */
const added = (arrays) => arrays.reduce((total, array) => total.map((value, i) => value + array[i]));

/** The numbers of one example each, by name, of all parts. */
function rowsOf(parts) {
  const names = ["row", "label", "answer", "output", "target", "loss"].filter((name) => parts[0].has(name));
  return Object.fromEntries(names.map((name) => [name, parts.flatMap((part) => [...part.get(name).data])]));
}

/** What parts of classes come to: the counts, and class by class how many there are and how many are right. */
function classesOf(parts, rows) {
  const tensor = parts[0].get("confusion");
  const [classes] = tensor.shape;
  const confusion = added(parts.map((part) => part.get("confusion").data));
  const called = added(parts.map((part) => part.get("called").data));
  const perClass = Array.from({ length: classes }, (_, label) => ({
    label,
    right: confusion[label * classes + label],
    of: rows.label.filter((each) => each === label).length,
  }));
  const right = sum(perClass.map((each) => each.right));
  const answered = rows.answer.filter((answer) => answer !== NO_ANSWER).length;
  return { classes, confusion, perClass, called, answered, accuracy: right / rows.row.length };
}

function resultOf(t, split, parts) {
  const rows = rowsOf(parts);
  const done = rows.row.length;
  const base = {
    t,
    split,
    done,
    of: parts[0].get("of").data[0],
    rows,
    loss: done ? sum(rows.loss) / done : null,
    accuracy: null,
  };
  return parts[0].has("confusion") && done ? { ...base, ...classesOf(parts, rows) } : base;
}

/**
 * Ask for the predictions of a `split`, "training" or "held_out", at the moment t, by `ask`, which asks the server.
 *
 * With `most` it is a sample of at most so many examples; with `once` what one question finds; `output` is the one that
 * is told of values. `progress(result)` hears of each part; while `alive()` is false nothing more is asked.
 * Resolves to null where it was given up, or not answered, else to the result: {t, split, done, of, loss, accuracy, rows} with rows {row,
 * label, answer, output, loss} as lists (of values {row, target, answer, loss}), and of classes {classes, confusion (a row
 * a label), perClass: [{label, right, of}], called, answered}. Loss and accuracy are null where there is none.
 *
 * @param {(question: import("../ask/client.js").Question, terms: import("../ask/client.js").Terms) => Promise<any>} ask
 * @param {number} t
 * @param {{split: string, most?: number, output?: number, once?: boolean}} what
 * @param {{progress?: (result: object) => void, alive?: () => boolean}} [hears]
 */
export async function askPredictions(
  ask,
  t,
  { split, most, output, once = false },
  { progress = () => {}, alive = () => true } = {},
) {
  const parts = [];
  let [done, of] = [0, 1];
  while (done < of) {
    const question = { question: "predictions", split, start: done, count: PART, most, output };
    const answer = await ask(question, { t, of: "run", while: alive });
    if (!answer?.found) return null;
    const { tensors } = answer.found;
    parts.push(tensors);
    const found = tensors.get("row").data.length;
    of = tensors.get("of").data[0];
    done += found;
    if (once || !found) break;
    if (done < of) progress(resultOf(t, split, parts));
  }
  return resultOf(t, split, parts);
}

/** The examples of a result that `of({label, answer})` keeps, as {row, label, answer, output, target, loss}, those with the largest loss first. */
export function worst({ rows }, of, most) {
  const places = rows.row.map((_, i) => i).filter((i) => of({ label: rows.label?.[i], answer: rows.answer[i] }));
  const cost = (i) => (Number.isNaN(rows.loss[i]) ? Infinity : rows.loss[i]);
  const first = places.toSorted((i, j) => cost(j) - cost(i) || i - j).slice(0, most);
  return first.map((i) => Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values[i]])));
}

/** The examples to show: those of the chosen cell, else all that are wrong. */
export const chosenOf = ({ predictions, cell }, most) =>
  worst(
    predictions,
    ({ label, answer }) => (cell ? label === cell.label && answer === cell.answer : label !== answer),
    most,
  );
