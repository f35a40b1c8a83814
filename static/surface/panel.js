// The loss surface: a plane through weight space, the true loss over it, and the paths of runs.

import { make } from "../base/dom.js";
import { comparable } from "../lab/names.js";
import { throttled } from "../base/throttle.js";
import { isPassing } from "../ask/query.js";
import { stepsAt } from "../base/time.js";
import { refusal, say } from "../base/words.js";
import { createControls } from "./controls.js";
import { createDrawing } from "./drawing.js";
import { createFollowing } from "./following.js";
import { SIDE } from "./ground.js";
import { marksOf } from "./marks.js";
import { createMeasure } from "./measure.js";
import { listenToPointing } from "./pointing.js";
import { momentAt, paintProfile } from "./profile.js";
import { factsOf, readingOf, saidOf, standing } from "./told.js";

const GROWN = 1.5; // times as many training steps as the path has, after which the plane is laid anew

const LABELS = { progress: "surface.progress", canvas: "surface.canvas", profile: "surface.profile" };

/** The parts of the panel. */
function createParts(root) {
  const parts = {
    controls: make("div", { className: "surface-controls" }),
    ground: make("canvas", { className: "surface-ground" }),
    canvas: make("canvas", { className: "surface-paths", tabIndex: 0, role: "application" }),
    said: make("p", { className: "surface-said", role: "status" }),
    refused: make("p", { className: "refused", role: "alert" }),
    progress: make("progress", { max: SIDE * SIDE }),
    facts: make("ul", { className: "surface-facts quiet" }),
    profile: make("canvas", { className: "surface-profile", role: "img" }),
    profileSaid: make("p", { className: "quiet" }),
  };
  parts.picture = make("div", { className: "surface-picture" }, parts.ground, parts.canvas);
  root.append(
    parts.controls,
    parts.refused,
    parts.picture,
    make("div", { className: "surface-line" }, parts.said, parts.progress),
    parts.facts,
    parts.profile,
    parts.profileSaid,
  );
  return parts;
}

/** What is asked of the server for the plane that is chosen. */
const asked = ({ kind, weights, ...plane }) =>
  kind === "weights"
    ? { kind, elements: weights.map((name) => [name.split("[")[0], JSON.parse(`[${name.split("[")[1]}`)]) }
    : kind === "moments"
      ? { kind, moments: plane.moments.map((t) => ({ t })) }
      : { kind, ...plane };

/** Whether the run has gone on so far beyond the path that the plane is hardly one of it any more. */
const outgrown = ({ listing, moment }, measured) =>
  measured !== null && stepsAt(listing, moment.t) > GROWN * stepsAt(listing, measured.t) + 1;

/** Where the paths end that are shown beside that of the page's run, {run, t}: those of lanes with the same parameters. */
const endsOf = ({ lanesTold, listing }) =>
  lanesTold
    .filter(({ experiment, t }) => experiment && t !== null && comparable(experiment, listing.experiment))
    .map(({ run, t }) => ({ run, t }));

/** Which surface is measured: what is chosen in the store, unless that is measured already. `told(measured, error)` hears. */
function createKeeping(store, ask, told) {
  let measured = null; // with the listing that it is of
  let wished = ""; // what is measured, as text
  let zoomed = "null";
  const measure = createMeasure(
    ask,
    (found) => {
      measured = { ...found, listing: store.get().listing };
      told(measured, null);
    },
    (error) => told(measured, error),
  );

  return {
    measure,
    now: () => measured,
    /** Have what is chosen measured; `anew` also where it is measured already. */
    renew(anew = false) {
      const { surfacePlane, surfaceExamples, surfaceExtent: extent, listing, furthest, moment } = store.get();
      const others = endsOf(store.get());
      const [wish, zoom] = [[surfacePlane, surfaceExamples, others.map(({ run }) => run)], extent].map((each) =>
        JSON.stringify(each),
      );
      const same = !anew && wished === wish && measured?.listing === listing;
      if (same && zoom === zoomed) return;
      [wished, zoomed] = [wish, zoom];
      if (same) {
        measure.zoom(extent);
        return;
      }
      measured = null;
      told(null, null);
      const t = Math.max(furthest, moment.t);
      measure.begin({
        t,
        plane: surfacePlane,
        asked: asked(surfacePlane),
        examples: surfaceExamples,
        runs: [{ t }, ...others],
        extent,
      });
    },
    end() {
      if (!wished) return;
      measure.end();
      [measured, wished] = [null, ""];
      told(null, null);
    },
  };
}

/** What is told of the surface that is measured, `now()`, in words and on the canvases. */
function createTelling(root, parts, { store, drawing, controls, now }) {
  let near = null; // the moment of a path that is pointed at
  let listed = ""; // the facts that are shown

  const write = throttled(store, (state) => {
    const measured = now();
    const point = near ?? (drawing.pointer() || !measured ? null : standing(measured.paths[0].points, state.moment.t));
    const coordinates = point?.coordinates ?? drawing.pointer();
    const told = measured && drawing.ground && !Number.isNaN(point?.loss);
    const text = told ? saidOf(state, { point, near, coordinates, loss: drawing.loss() }) : "";
    if (parts.said.textContent !== text) parts.said.textContent = text;
  });

  /** What moves with the run: the paths, and what is said of this moment. */
  function move() {
    if (now()) drawing.paintPaths(now());
    write();
  }

  function list(facts) {
    if (facts.join() === listed) return;
    listed = facts.join();
    parts.facts.replaceChildren(...facts.map((textContent) => make("li", { textContent })));
  }

  return {
    move,
    /** All of it; `error` is why there is none. */
    show(error) {
      const state = store.get();
      const { words, moment } = state;
      const measured = now();
      const done = measured?.done ?? 0;
      controls.show(state, measured !== null && moment.t > measured.t);
      root.dataset.empty = String(!measured);
      parts.refused.textContent = error ? refusal(words, error) : "";
      parts.progress.hidden = error !== null || done === SIDE * SIDE;
      parts.progress.value = done;
      for (const name of ["progress", "canvas", "profile"]) parts[name].ariaLabel = say(words, LABELS[name]);
      parts.profileSaid.textContent = say(words, "surface.profile.says");
      list(measured ? factsOf(state, measured) : []);
      move();
    },
    pointed(point) {
      near = point;
      move();
    },
  };
}

/** Set up the panel in `root`. `clock.jump(t)` goes to a moment. */
export function mount(root, tools) {
  const { store, ask, clock } = tools;
  const parts = createParts(root);
  const drawing = createDrawing(root, parts, store);
  let error = null;

  const inFront = ({ stage, listing, moment }) => stage === "surface" && listing && moment;
  const keeping = createKeeping(store, ask, (measured, refused) => {
    error = refused;
    const whole = measured?.done === SIDE * SIDE;
    const other = drawing.take(measured);
    if (other) drawing.paintGround(measured);
    if (other || whole) store.set({ surfaceTold: drawing.ground ? readingOf(measured) : null });
    telling.show(error);
    if (whole) follow();
  });
  const { now } = keeping;
  const follow = createFollowing(store, keeping.measure, now);
  const here = () => standing(now().paths[0].points, store.get().moment.t).coordinates;
  const controls = createControls(
    parts.controls,
    store,
    () => {
      const { selected, listing } = store.get();
      const moments = now()?.paths[0].points.map(({ t }) => t) ?? [];
      return { selected, listing, moments, at: drawing.pointer() ?? (now() && here()) };
    },
    () => keeping.renew(true),
  );
  const telling = createTelling(root, parts, { store, drawing, controls, now });

  /** All of it, as the panel comes to the front, or as what it is of is another. */
  function begin() {
    const state = store.get();
    if (!inFront(state)) {
      keeping.end();
      return;
    }
    if (isPassing(state)) return; // it begins where the run comes to rest
    keeping.renew(!state.playing && (error !== null || outgrown(state, now())));
    telling.show(error);
  }

  /** The whole drawing anew, in other colours or of another size. */
  function paint() {
    drawing.recolour();
    if (!now() || !inFront(store.get())) return;
    drawing.paintGround(now());
    telling.show(error);
  }

  listenToPointing(parts.canvas, {
    drawing,
    measured: now,
    here,
    nearer: controls.nearer,
    fit: () => store.set({ surfaceExtent: null }),
    go: (point) => point && clock.jump(point.t),
    pointed: telling.pointed,
  });
  parts.profile.addEventListener("click", ({ offsetX }) => {
    if (now() && drawing.ground) clock.jump(momentAt(offsetX, drawing.profileOf(now())));
  });
  store.on(["stage", "listing", "words", "wanted", "playing"], begin);
  store.on(["surfacePlane", "surfaceExamples", "surfaceExtent", "lanesTold"], begin);
  store.on(["surfaceLook", "theme", "words"], paint);
  store.on(["moment"], (state) => {
    if (!inFront(state)) return;
    telling.move();
    follow();
  });
  store.life.resized(paint, parts.picture, parts.profile);

  return {
    marks: (state) => (inFront(state) && now() && drawing.ground ? marksOf(now(), drawing) : []),
    pictures(state) {
      if (!inFront(state) || !now() || !drawing.ground) return [];
      const { clientWidth: width, clientHeight: height } = parts.picture;
      const { clientWidth: wide, clientHeight: high } = parts.profile;
      const profile = (/** @type {any} */ context) => paintProfile(context, drawing.profileOf(now()));
      return [
        { name: "surface", word: "stage.surface", width, height, paint: (context) => drawing.paint(context, now()) },
        { name: "profile", word: "surface.profile", width: wide, height: high, paint: profile },
      ];
    },
  };
}
