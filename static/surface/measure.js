// What is asked about a surface, a part at a time, so that the run can go on between the parts: the paths, where their
// moments lie over the plane, and the losses of the grid from coarse to fine.

import { COARSEST, extentOf, SIDE } from "./ground.js";

/** @import { Extent } from "./ground.js" */

/**
 * A moment of a run over the plane.
 *
 * @typedef {{t: number, coordinates: [number, number], loss: number, below: number}} Point
 *
 * @typedef {object} Measured
 * @property {number} t the moment up to which the paths lead
 * @property {{kind: string}} plane as it was asked for
 * @property {string} examples of which the loss is the mean
 * @property {number} count how many examples these are
 * @property {{run: string | null, points: Point[]}[]} paths
 * @property {number | null} variance the share of that of the paths that lies in the plane
 * @property {number} reach
 * @property {Extent} extent
 * @property {Float64Array} losses of the whole grid, row by row; NaN where they are not there yet
 * @property {number} done how many of them are there
 */

/** @returns {Point[]} the points of an answer, whose moments are `moments`; those whose losses are not there yet have NaN */
function pointsOf({ tensors }, moments) {
  const [coordinates, loss, below] = ["coordinates", "loss", "below"].map((name) => tensors.get(name).data);
  return moments.map((t, i) => ({
    t,
    coordinates: [coordinates[2 * i], coordinates[2 * i + 1]],
    loss: loss[i] ?? NaN,
    below: below[i] ?? NaN,
  }));
}

/** The points of all moments in a row, back in the paths that they are of. */
function inPaths(paths, points) {
  let first = 0;
  return paths.map(({ run, moments }) => ({ run, points: points.slice(first, (first += moments.length)) }));
}

/** A grid over an extent of which nothing is there yet. @type {(extent: Extent) => Partial<Measured>} */
const empty = (extent) => ({ extent, losses: new Float64Array(SIDE * SIDE).fill(NaN), done: 0 });

/** A row of questions of which none is asked any more once `ended` is true; what is refused ends it too. */
function createAsking(ask, t, ended, refused) {
  return async function asked(question) {
    if (ended()) return null;
    const answer = await ask(question, { t, of: "run", while: () => !ended() });
    if (answer?.refused) refused(answer.refused);
    return answer?.found ?? null;
  };
}

/** The paths of runs, with the points of all their moments in a row, and the facts of the plane; null where there are none. */
async function findPaths(asked, { plane, examples }, runs) {
  const found = await asked({ question: "surface_paths", runs });
  if (!found) return null;
  const { paths } = found;
  const fields = { plane, paths, examples };
  const part = await asked({ question: "surface_points", ...fields });
  if (!part) return null;
  const points = pointsOf(
    part,
    paths.flatMap((path) => path.moments),
  );
  return { fields, facts: part.facts, points, done: part.tensors.get("loss").data.length };
}

/** The losses of all points in a row from the `done`-th on, in parts: `put(points)` hears of each. */
async function findPoints(asked, { fields, points, done }, put) {
  let [known, all] = [done, points];
  while (known < all.length) {
    const part = await asked({ question: "surface_points", ...fields, start: known });
    if (!part) return;
    const [loss, below] = ["loss", "below"].map((name) => part.tensors.get(name).data);
    const more = all
      .slice(known, known + loss.length)
      .map((point, i) => ({ ...point, loss: loss[i], below: below[i] }));
    all = all.toSpliced(known, more.length, ...more);
    known += more.length;
    put(all);
  }
}

/** The losses of a grid over an extent up to the `until`-th, in parts: `put({losses, done})` hears of each. */
async function findLosses(asked, fields, { extent: { low, high }, losses, done }, until, put) {
  let known = done;
  while (known < until) {
    const part = await asked({ question: "surface_losses", ...fields, low, high, start: known });
    if (!part) return;
    const [values, column, row] = ["losses", "column", "row"].map((name) => part.tensors.get(name).data);
    values.forEach((loss, i) => {
      losses[row[i] * SIDE + column[i]] = loss;
    });
    known += values.length;
    put({ losses, done: known });
  }
}

/** The extent of all points of the paths, or the part of it that is chosen. */
const extentOfPaths = ({ paths, reach }, chosen) =>
  extentOf(
    paths.flatMap(({ points }) => points.map(({ coordinates }) => coordinates)),
    reach,
    chosen,
  );

/**
 * Measure surfaces, one at a time: `begin(wish)` leaves the one before. `changed(measured)` hears of each part, and
 * `refused(error)` of what cannot be.
 *
 * @param {any} ask
 * @param {(measured: Measured) => void} changed
 * @param {(error: any) => void} refused
 */
export function createMeasure(ask, changed, refused) {
  let turn = 0;
  /** @type {Measured | null} */
  let measured = null;
  let fields = {}; // that all questions about the plane share

  function put(/** @type {Partial<Measured>} */ more) {
    measured = { ...measured, ...more };
    changed(measured);
  }

  /** What asks from now on, in place of what asked before. */
  function asking(t) {
    turn += 1;
    const now = turn;
    return createAsking(ask, t, () => turn !== now, refused);
  }

  return {
    /**
     * Measure what is wished from the beginning: a plane up to the moment t, as it is kept and as it is `asked` for, its
     * examples, the ends of the paths that are shown, {run, t}, and the extent that is chosen.
     */
    async begin({ t, plane, asked: form, examples, runs, extent }) {
      const asked = asking(t);
      measured = null;
      const mine = turn;
      const found = await findPaths(asked, { plane: form, examples }, runs);
      if (!found) return;
      const { examples: count, reach, variance } = found.facts;
      const within = (all) => inPaths(found.fields.paths, all);
      const paths = within(found.points);
      fields = found.fields;
      put({ t, plane, examples, count, reach, variance, paths, ...empty(extentOfPaths({ paths, reach }, extent)) });
      await findLosses(asked, fields, measured, COARSEST, put); // the coarsest grid comes first
      await findPoints(asked, found, (all) => put({ paths: within(all) }));
      if (turn !== mine) return;
      await findLosses(asked, fields, measured, SIDE * SIDE, put);
    },

    /** Measure another extent of the same plane. */
    async zoom(extent) {
      if (!measured) return;
      const asked = asking(measured.t);
      put(empty(extentOfPaths(measured, extent)));
      await findLosses(asked, fields, measured, SIDE * SIDE, put);
    },

    /** Where another moment of the first run lies; it becomes a point of its path. Tells whether it could be found. */
    async add(t) {
      const now = turn;
      const asked = createAsking(
        ask,
        measured.t,
        () => turn !== now || !measured,
        () => {},
      );
      const points = [{ run: measured.paths[0].run, moments: [t] }];
      const found = await asked({ question: "surface_points", ...fields, points });
      if (!found) return false;
      const [first, ...others] = measured.paths;
      const longer = [...first.points.filter((each) => each.t !== t), ...pointsOf(found, [t])];
      put({ paths: [{ ...first, points: longer.toSorted((a, b) => a.t - b.t) }, ...others] });
      return true;
    },

    /** Leave what is being measured, and forget it. */
    end() {
      turn += 1;
      measured = null;
    },
  };
}
