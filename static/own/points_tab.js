// The tab for points that are painted on the plane, in two to four classes.

import { Lost, Refused } from "../ask/connection.js";
import { classColour, classShape, palette } from "../base/colours.js";
import { make, sized } from "../base/dom.js";
import { keptIn } from "../base/kept.js";
import { count, fixed } from "../base/numbers.js";
import { say } from "../base/words.js";
import { dataOf, paintPoint } from "../draw/plane.js";
import { complainIn, forgive } from "../setup/complaint.js";
import { createEasel } from "./easel.js";
import { CLASSES, countsOf, createHistory, pointsOf, pointsOfData, textOf, without, withPoint } from "./points.js";

const KEPT = "backscope.points"; // where the browser keeps what was painted last
const ERASER = /** @type {const} */ ("eraser");
const SIGN = 16; // pixels of the sign of a class

/** @typedef {number | typeof ERASER} Tool a class by its number, or the eraser */

/** @type {(written: string | null) => string} */
function readKept(written) {
  try {
    return String(JSON.parse(written ?? '""'));
  } catch {
    return "";
  }
}

/** A button with a word of the catalogue. */
function worded(name) {
  const made = make("button", { type: "button" });
  made.dataset.word = name;
  return made;
}

/** The buttons of the classes and of the eraser, of which one is pressed; `chosen(tool)` hears of another. */
function createTools(chosen) {
  const group = make("div", { className: "own-tools" });
  group.setAttribute("role", "group");
  group.dataset.label = "own.tools";
  const signs = CLASSES.map(() => make("canvas"));
  const counts = CLASSES.map(() => make("small"));
  const buttons = CLASSES.map((name, label) => {
    const made = make("button", { type: "button" }, signs[label], make("b", { textContent: name }), " ", counts[label]);
    made.addEventListener("click", () => chosen(label));
    return made;
  });
  const eraser = worded("own.eraser");
  eraser.addEventListener("click", () => chosen(ERASER));
  group.append(...buttons, eraser);

  function show(words, tool, numbers) {
    [...buttons, eraser].forEach((each, i) =>
      each.setAttribute("aria-pressed", String(tool === (i < CLASSES.length ? i : ERASER))),
    );
    buttons.forEach((each, label) => {
      counts[label].textContent = say(words, "own.easel.points", { points: count(numbers[label]) });
      const colours = palette(each);
      const look = { shape: classShape(label), colour: colours[classColour(label)], size: 5 };
      const at = { x: SIGN / 2, y: SIGN / 2, hollow: false, current: false };
      paintPoint(sized(signs[label], SIGN), { ...at, ...look }, colours);
    });
  }
  return { group, show };
}

/** Whether the data that are shown are points of the plane in no more classes than can be painted. */
const canTake = ({ listing }) =>
  listing.kind === "classes" && listing.sizes[0] === 2 && listing.sizes.at(-1) <= CLASSES.length;

/** The tab; as that for a table. */
export function createPointsTab({ store, ask, tables, begin, seed, storage }) {
  const kept = keptIn(storage, KEPT, readKept);
  const painted = createHistory(pointsOf(kept.get()));
  const [take, undo, clear, go] = ["own.take", "own.undo", "own.clear", "own.begin"].map(worded);
  go.className = "primary";
  const told = make("p", { className: "quiet" });
  told.setAttribute("role", "status");
  const how = make("p", { className: "quiet" });
  how.dataset.word = "own.easel.says";
  const tools = createTools(choose);
  /** @type {Tool} */
  let tool = 0;

  const easel = createEasel(store, {
    points: () => painted.points,
    erases: () => tool === ERASER,
    begin: painted.begin,
    put(places) {
      for (const at of places)
        painted.set(tool === ERASER ? without(painted.points, at) : withPoint(painted.points, at, tool));
      show();
    },
    moved: ({ x, y }) =>
      (told.textContent = say(store.get().words, "own.easel.at", { x: fixed(x, 2), y: fixed(y, 2) })),
  });
  const buttons = make("div", { className: "own-end" }, undo, clear, go);
  const beside = make("div", { className: "own-beside" }, tools.group, take, how, told);
  const element = make("div", { className: "own-points" }, easel.canvas, beside, buttons);

  function show() {
    const { words } = store.get();
    const counts = countsOf(painted.points);
    tools.show(words, tool, counts);
    take.hidden = !canTake(store.get());
    undo.disabled = !painted.canUndo;
    clear.disabled = !painted.points.length;
    go.disabled = counts.filter(Boolean).length < 2;
    told.textContent = say(words, go.disabled ? "own.easel.two" : "own.easel.points", {
      points: painted.points.length,
    });
    easel.draw();
  }

  function choose(next) {
    tool = next;
    show();
  }

  async function train() {
    const text = textOf(painted.points);
    kept.set(text);
    forgive(element);
    try {
      const all = await tables();
      const { content } = await all.give({ name: "", text });
      const wanted = { name: "own", content, target: "class", kind: "classes", standardize: false };
      const { dataset, record } = await all.describe(wanted, seed());
      await begin(dataset, record);
    } catch (error) {
      if (error instanceof Lost) store.set({ notice: { text: "own.lost", untilConnected: true } });
      else if (error instanceof Refused) complainIn(element, store.get().words, error);
      else throw error;
    }
  }

  take.addEventListener("click", async () => {
    const answered = await ask({ question: "examples" }, { t: 0, of: "run" });
    if (!answered?.found) return;
    painted.begin();
    painted.set(pointsOfData(dataOf(answered.found.tensors, 2).splits));
    show();
  });
  undo.addEventListener("click", () => {
    painted.undo();
    show();
  });
  clear.addEventListener("click", () => {
    painted.begin();
    painted.set([]);
    show();
  });
  go.addEventListener("click", train);
  element.addEventListener("keydown", (event) => {
    const label = Number(event.key) - 1;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (CLASSES[label] !== undefined) choose(label);
    else if (event.key === "e") choose(ERASER);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, show };
}
