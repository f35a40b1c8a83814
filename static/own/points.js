// Points that are painted: put down, taken away, undone, and as the text of a table.

export const CLASSES = ["A", "B", "C", "D"]; // as they are called in the table
export const MOST = 2000; // points
export const REACH = 0.09; // how far the eraser takes points away; the plane is from −1 to 1
const SPACING = 0.06; // between two points that a stroke puts down
const HEADS = "x,y,class";

/** @typedef {{x: number, y: number, label: number}} Painted */
/** @typedef {{x: number, y: number}} Place */

/** @type {(value: number) => number} */
const rounded = (value) => Math.round(1000 * Math.max(-1, Math.min(1, value))) / 1000;

/** @type {(one: Place, other: Place) => number} */
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/**
 * The points with one more, unless there are as many as there may be.
 *
 * @type {(points: Painted[], at: Place, label: number) => Painted[]}
 */
export const withPoint = (points, { x, y }, label) =>
  points.length < MOST ? [...points, { x: rounded(x), y: rounded(y), label }] : points;

/** The points without those near a place. @type {(points: Painted[], at: Place) => Painted[]} */
export const without = (points, at) => points.filter((each) => distance(each, at) > REACH);

/**
 * The places on the way of a stroke at which it puts points down, from the last point that it put.
 *
 * @param {Place} from
 * @param {Place} to
 * @returns {Place[]}
 */
export function placesOn(from, to) {
  const count = Math.floor(distance(from, to) / SPACING + 1e-9);
  const part = SPACING / distance(from, to);
  return Array.from({ length: count }, (_, i) => ({
    x: from.x + (to.x - from.x) * part * (i + 1),
    y: from.y + (to.y - from.y) * part * (i + 1),
  }));
}

/** How many points each class has. @type {(points: Painted[]) => number[]} */
export const countsOf = (points) => CLASSES.map((_, label) => points.filter((each) => each.label === label).length);

/**
 * The points of a data set in the plane, made smaller together where they lie beyond it.
 *
 * @param {{x: {data: ArrayLike<number>}, y: {shape: number[], data: ArrayLike<number>}}[]} splits inputs, (examples, 2), and
 *   targets, (examples, outputs)
 * @returns {Painted[]}
 */
export function pointsOfData(splits) {
  const found = splits.flatMap(({ x, y }) =>
    Array.from({ length: y.shape[0] }, (_, i) => {
      const targets = Array.from({ length: y.shape[1] }, (__, j) => y.data[i * y.shape[1] + j]);
      const label = targets.length === 1 ? Number(targets[0] > 0.5) : targets.indexOf(Math.max(...targets));
      return { x: x.data[2 * i], y: x.data[2 * i + 1], label };
    }),
  );
  const reach = Math.max(1, ...found.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))));
  return found.slice(0, MOST).map(({ x, y, label }) => ({ x: rounded(x / reach), y: rounded(y / reach), label }));
}

/** The points as a table. @type {(points: Painted[]) => string} */
export const textOf = (points) =>
  [HEADS, ...points.map(({ x, y, label }) => `${x},${y},${CLASSES[label]}`), ""].join("\n");

/** The points of such a table; none where it is another. @type {(text: string | null) => Painted[]} */
export function pointsOf(text) {
  const [heads, ...lines] = (text ?? "").trimEnd().split("\n");
  if (heads !== HEADS) return [];
  const found = lines.map((line) => {
    const [x, y, name] = line.split(",");
    return { x: Number(x), y: Number(y), label: CLASSES.indexOf(name) };
  });
  return found.every(({ x, y, label }) => Math.abs(x) <= 1 && Math.abs(y) <= 1 && label >= 0) ? found : [];
}

/**
 * The points with what was done to them, so that it can be undone.
 *
 * @param {Painted[]} first
 */
export function createHistory(first) {
  let points = first;
  /** @type {Painted[][]} */
  const before = [];
  return {
    get points() {
      return points;
    },
    get canUndo() {
      return before.length > 0;
    },
    /** Something else is begun, to which undoing goes back. */
    begin() {
      if (before.at(-1) !== points) before.push(points);
    },
    /** @param {Painted[]} changed */
    set(changed) {
      points = changed;
    },
    undo() {
      while (before.length && before.at(-1) === points) before.pop();
      points = before.pop() ?? points;
    },
  };
}
