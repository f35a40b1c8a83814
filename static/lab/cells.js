// The lanes beside each other: of each its name, its network and what has become of it.

import { isPartial } from "../ask/watch.js";
import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { say } from "../base/words.js";
import { scalesOf } from "../network/scene.js";
import { calledBy, runCalled } from "./differs.js";
import { comparable, minus } from "./minus.js";
import { FIRST_LANE, titled } from "./names.js";
import { createPicture } from "./picture.js";

const REDRAWN = ["words", "theme", "example", "arrows", "arrowsOf", "arrowScale", "laneDifference"];

/** The parts of a lane's region. */
function partsOf(name) {
  const button = () => make("button", { type: "button", className: "quiet-button" });
  const parts = {
    title: make("input", { type: "text", maxLength: 60 }),
    loss: make("output"),
    settings: button(),
    promote: button(),
    drop: make("button", { type: "button", className: "icon", textContent: "×" }),
    canvas: make("canvas"),
    state: make("p", { className: "quiet" }),
  };
  parts.canvas.setAttribute("role", "img");
  parts.state.setAttribute("role", "status");
  const head = make("header", {}, make("b", { textContent: name }), parts.title, parts.loss);
  if (name !== FIRST_LANE) head.append(parts.drop);
  const box = make("div", { className: "picture" }, parts.canvas);
  const acts = make("p", { className: "acts" }, parts.state);
  if (name !== FIRST_LANE) acts.append(parts.settings, parts.promote);
  const region = make("section", { className: "lane" }, head, box, acts);
  region.dataset.lane = name;
  return { ...parts, region, box };
}

/** The region of a lane: {region, picture, show}. `act` has what its buttons do. */
function createCell(lane, shown, theme, scales, act) {
  const parts = partsOf(lane.name);
  const picture = createPicture(parts.canvas, shown, theme, scales);
  parts.title.addEventListener("change", () => act.rename(lane.name, titled(parts.title.value)));
  parts.title.addEventListener("keydown", (event) => event.key === "Enter" && parts.title.blur());
  parts.settings.addEventListener("click", () => act.open(lane.name));
  parts.promote.addEventListener("click", () => act.promote(lane.name));
  parts.drop.addEventListener("click", () => act.drop(lane.name));

  /** Write its name and numbers. `told` are {called, title, status, difference, open}. */
  function show(words, { called, title, status, open }) {
    const { moment } = lane.store.get();
    const { name } = lane;
    parts.region.ariaLabel = say(words, "lane.region", { name });
    parts.title.ariaLabel = say(words, "lane.title", { name });
    parts.title.placeholder = called;
    parts.title.title = title || called;
    if (document.activeElement !== parts.title) parts.title.value = title;
    const loss = moment?.value("loss");
    parts.loss.textContent = loss === undefined ? "—" : brief(loss);
    parts.loss.ariaLabel = say(words, "lane.loss");
    parts.canvas.ariaLabel = say(words, "lane.picture", {
      name,
      called: title || called,
      loss: parts.loss.textContent,
    });
    if (parts.state.textContent !== status) parts.state.textContent = status;
    for (const [part, word] of [
      ["settings", "lane.settings"],
      ["promote", "lane.promote"],
      ["drop", "lane.drop"],
    ]) {
      if (part !== "drop") parts[part].textContent = say(words, word);
      parts[part].ariaLabel = say(words, word);
      parts[part].title = say(words, `${word}.hint`);
    }
    parts.settings.setAttribute("aria-expanded", String(open));
  }

  return { lane, region: parts.region, box: parts.box, picture, show };
}

/**
 * What is drawn of each lane of `cells`, as it is or less lane A, and to which scales. Returns {subtracted, shownOf, scalesFor,
 * forget}.
 */
function createDrawn(store, lanes, cells) {
  let agreed = null; // the scales of all lanes that are drawn as they are

  /** The lane that is drawn less lane A, where that can be. */
  function subtracted() {
    const { laneDifference, listing, moment } = store.get();
    const its = laneDifference && lanes.of(laneDifference)?.store.get();
    const can = its?.moment && moment && comparable(its.listing.sizes, its.moment, listing.sizes, moment);
    return can ? laneDifference : null;
  }

  /** What is drawn of a lane: its values, with its moment less that of lane A where that is asked for. */
  function shownOf(lane) {
    let [one, other, found] = [null, null, null];
    return () => {
      const state = lane.store.get();
      if (lane.name !== subtracted()) return state;
      const { moment } = store.get();
      if (one !== state.moment || other !== moment)
        [one, other, found] = [state.moment, moment, minus(state.moment, moment)];
      return { ...state, moment: found };
    };
  }

  /** The scales of a lane: those of all, or of a difference its own. */
  const scalesFor = (lane) => (network, arrows, lengths) => {
    if (lane.name === subtracted()) return scalesOf([network], arrows, lengths, 0);
    const asTheyAre = [...cells.values()].filter((cell) => cell.lane.name !== subtracted());
    agreed ??= scalesOf(asTheyAre.map(({ picture }) => picture.network()).filter(Boolean), arrows, lengths);
    return agreed;
  };

  return {
    subtracted,
    shownOf,
    scalesFor,
    /** The scales are to be agreed on anew. */
    forget() {
      agreed = null;
    },
  };
}

/** The picture of a lane, where there is one. */
function picturesOf({ lane: { name }, picture }) {
  const size = picture.network()?.layout;
  if (!size) return [];
  const { width, height } = size;
  const look = { name: `lane-${name}`, word: "lane.region", blanks: { name }, width, height };
  return [{ ...look, paint: picture.paint, exact: () => picture.scene()?.t }];
}

/**
 * The cells of all lanes in `root`, drawn to one scale. `statusOf(lane)` is what is said under a lane. Returns
 * {show, plan, pictures, marks, scene}.
 */
export function createCells(root, { store }, lanes, { act, statusOf }) {
  /** @type {Map<string, ReturnType<typeof createCell>>} */
  const cells = new Map();
  let theme = { colours: palette(root), font: getComputedStyle(root).fontFamily };
  let due = null;
  const { subtracted, shownOf, scalesFor, forget } = createDrawn(store, lanes, cells);

  const inFront = () => store.get().stage === "laboratory";

  function draw(now) {
    due = null;
    if (!inFront()) return;
    let goesOn = false;
    for (const { picture, lane } of cells.values()) {
      const units = picture.fit();
      if (units !== null) {
        forget();
        lane.store.set({ units });
      }
    }
    for (const { picture } of cells.values()) goesOn = picture.draw(now) || goesOn;
    if (goesOn) plan();
  }

  function plan() {
    if (inFront()) due ??= store.life.frame(draw);
  }

  /** Have all lanes composed anew. */
  function refresh() {
    forget();
    for (const { picture } of cells.values()) picture.refresh();
    plan();
  }

  /** Have a cell for each lane, and no others. */
  function reconcile() {
    const all = lanes.all();
    for (const [name, cell] of cells) {
      if (all.some((lane) => lane.store === cell.lane.store)) continue;
      cell.region.remove();
      cells.delete(name);
    }
    for (const lane of all) {
      if (cells.has(lane.name)) continue;
      const cell = createCell(lane, shownOf(lane), () => theme, scalesFor(lane), act);
      cells.set(lane.name, cell);
      if (lane.store === store) continue;
      lane.store.on(["units", "example"], (state) => state.moment && isPartial(state) && lane.arrive());
    }
    root.replaceChildren(...all.map(({ name }) => cells.get(name).region));
    root.dataset.count = String(all.length);
  }

  store.on(["moment", "listing", ...REDRAWN], refresh);
  store.on(["theme"], () => {
    theme = { ...theme, colours: palette(root) };
    refresh();
  });
  store.on(["stage"], plan);
  store.life.resized(plan, root);

  return {
    refresh,
    subtracted,
    scene: () => cells.get(FIRST_LANE)?.picture.scene() ?? null,
    difference: () => (subtracted() ? cells.get(subtracted()).picture.scene() : null),

    /** Write the names and numbers of all lanes, and have cells for those that there are. */
    show() {
      const all = lanes.all();
      if (all.length !== cells.size || all.some(({ name, store: own }) => cells.get(name)?.lane.store !== own))
        reconcile();
      const { words, listing, lanes: kept, laneTitle, laneOpen } = store.get();
      for (const { lane, show } of cells.values()) {
        const own = kept.find(({ name }) => name === lane.name);
        const first = lane.name === FIRST_LANE;
        const title = first ? laneTitle : (own?.title ?? "");
        const called = first
          ? runCalled(words, listing.experiment, kept)
          : own
            ? calledBy(words, { ...own, title: "" }, listing.experiment)
            : "";
        show(words, { called, title, status: statusOf(lane), open: laneOpen === lane.name });
      }
    },

    pictures: () => [...cells.values()].flatMap(picturesOf),

    marks() {
      const less = subtracted();
      return [...cells.values()].flatMap(({ lane: { name }, picture }) =>
        picture.marks().map((mark) => ({ ...mark, lane: name, ...(name === less && { minus: FIRST_LANE }) })),
      );
    },
  };
}
