// Column: the gradient, or the update, as one long list of all parameters, in order or the biggest first.

import { ARROWS, quantityOf } from "../arrows.js";
import { biggestFirst, find, indexAt, partAt, partsOf, placeAt } from "../column.js";
import { make } from "../dom.js";
import { count, roundScale, scale as scaleText } from "../numbers.js";
import { createRoll } from "../roll.js";
import { stepThat } from "../steps.js";
import { cellName, parameterOf } from "../tensors.js";
import { locate } from "../time.js";
import { say } from "../words.js";
import { moveByKeys } from "./column_keys.js";
import { createRow, fillRow } from "./column_row.js";

/** The place of a mark of the network in the column, or null. */
function placeOf(parts, mark) {
  const parameter = mark?.index && parameterOf(mark.tensor);
  return parameter ? placeAt(parts, parameter, mark.index) : null;
}

/** The micro-step that comes first to compute one of these updates or gradients, in words and with its moment. */
function dueOf(words, listing, t, names) {
  const applies = ({ equation, writes }) => equation === "gradient_descent" && names.includes(`u${writes[0]}`);
  return stepThat(words, listing, t, (step) => applies(step) || names.some((name) => step.writes.includes(name))) ?? { step: "", t: "" };
}

/** The largest finite magnitude in the tensors. */
function largestOf(tensors) {
  let most = 0;
  for (const { data } of tensors) {
    for (const value of data) if (Math.abs(value) > most && Math.abs(value) !== Infinity) most = Math.abs(value);
  }
  return most;
}

/** The view's elements, with words and names but for those that change. */
function createParts(list) {
  const parts = {
    field: make("input", { type: "search" }), biggest: make("button", { type: "button", className: "quiet-button" }),
    jumps: make("div", { className: "jumps" }), list,
    total: make("p", { className: "quiet" }), note: make("p", { className: "quiet" }),
    head: { parameter: make("span"), scale: make("span"), quantity: make("span", { className: "number" }) },
  };
  const { parameter, scale, quantity } = parts.head;
  parts.jumps.setAttribute("role", "group");
  parts.note.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  parts.all = [
    make("div", { className: "choose" }, parts.field, parts.biggest), parts.jumps, parts.total, parts.note,
    make("div", { className: "entry head" }, make("span", { className: "place" }), parameter, make("b"), scale, quantity), list,
  ];
  return parts;
}

function label(words, { field, biggest, jumps, list, head }) {
  field.placeholder = field.title = say(words, "column.find.hint");
  field.setAttribute("aria-label", say(words, "column.find"));
  Object.assign(biggest, { textContent: say(words, "column.biggest"), title: say(words, "column.biggest.hint") });
  jumps.setAttribute("aria-label", say(words, "column.jumps"));
  list.setAttribute("aria-label", say(words, "column.list"));
  head.parameter.textContent = say(words, "column.parameter");
}

export function columnView(root, store) {
  const roll = createRoll({ create: createRow, fill, moved: () => tellActive() });
  const view = createParts(roll.element);
  root.append(...view.all);
  let [words, structure, parts] = [null, null, []];
  let given = null; // the tensors that are shown, and
  let [arrows, scale] = [ARROWS.nudge, 1]; // what the arrows mean and the bars are drawn to
  let range = { start: 0, end: 0 }; // what of the column is shown
  let biggest = false;
  let order = null; // the places in the order in which they stand, where that is not their own
  let missed = ""; // what was sought and is not there
  let active = null; // the place that the keys are at ...
  let chosen = null; // ... and the one that is selected
  let painted = "";

  const dataOf = ({ name }) => given?.get(arrows.letter + name)?.data;
  const length = () => range.end - range.start;
  const placeIn = (position) => (order ? order[position] : range.start + position);
  const positionOf = (place) => (order ? order.indexOf(place) : place >= range.start && place < range.end ? place - range.start : -1);
  const markAt = (place, part = partAt(parts, place)) => ({ tensor: `d${part.name}`, index: indexAt(part, place) });
  const light = (place) => store.set({ lit: place === null ? [] : [markAt(place)] });

  function fill(row, position) {
    const place = placeIn(position);
    const part = partAt(parts, place);
    const value = dataOf(part)?.[place - part.start];
    const { listing, moment, hovered } = store.get();
    const title = value === undefined && moment ? say(words, "matrix.due", dueOf(words, listing, moment.t, [arrows.letter + part.name])) : "";
    fillRow(row, {
      position, length: length(), place, name: cellName(part.name, indexAt(part, place)), value, arrows, scale, title,
      active: place === active, chosen: place === chosen, lit: place === placeOf(parts, hovered),
    });
  }

  /** The place that the keys are at is told to screen readers while its row is there. */
  function tellActive() {
    const row = active === null ? null : roll.rowAt(positionOf(active));
    if (row) roll.element.setAttribute("aria-activedescendant", row.id);
    else roll.element.removeAttribute("aria-activedescendant");
  }

  function paint() {
    roll.show(length());
    tellActive();
  }

  function arrange() {
    order = biggest ? biggestFirst(parts, dataOf, range.start, range.end) : null;
  }

  /** Show a part of the column, or all of it. */
  function narrow(found) {
    range = found ?? { start: 0, end: parts.at(-1).end };
    arrange();
  }

  /** Have the keys at a place, and its row in sight; all of the column is shown where it is not in the part that is. */
  function go(place, toTop = false) {
    if (positionOf(place) < 0) {
      view.field.value = missed = "";
      narrow(null);
    }
    active = place;
    tell(store.get());
    paint();
    roll.reveal(positionOf(place), toTop);
    tellActive();
  }

  function build(listing, segment) {
    structure = segment;
    parts = partsOf(listing.sizes, segment.experiment.layers);
    const last = parts.map(({ name, shape }) => cellName(name, shape.map((size) => size - 1)).length);
    root.style.setProperty("--name", `${0.9 * Math.max(...last)}ch`);
    root.style.setProperty("--place", `${count(parts.at(-1).end).length}ch`);
    view.jumps.replaceChildren(...parts.map((part) => {
      const jump = make("button", { type: "button", className: "quiet-button", textContent: part.name });
      jump.addEventListener("click", () => jumpTo(part));
      return jump;
    }));
    [active, missed, view.field.value] = [null, "", ""];
    narrow(null);
  }

  /** Go to the first row of a tensor, in the order that there is. */
  function jumpTo({ start, end }) {
    view.field.value = missed = "";
    narrow(null);
    go(order ? order.find((place) => place >= start && place < end) : start, true);
  }

  function tell({ moment, listing }) {
    const [shown, all] = [count(length()), count(parts.at(-1).end)];
    const quantity = quantityOf(arrows);
    const due = parts.filter((part) => !dataOf(part)).map(({ name }) => arrows.letter + name);
    view.total.textContent = shown === all ? say(words, "column.count", { count: all }) : say(words, "column.part", { shown, count: all });
    view.head.quantity.textContent = quantity;
    view.head.scale.textContent = due.length < parts.length ? say(words, "column.scale", { scale: scaleText(scale) }) : "";
    const waits = given && due.length ? say(words, due.length < parts.length ? "column.due.some" : "column.due", { quantity, ...dueOf(words, listing, moment.t, due) }) : "";
    const none = say(words, "column.none", { sought: missed, names: parts.map(({ name }) => name).join(", ") });
    const text = missed ? none : waits;
    if (view.note.textContent !== text) view.note.textContent = text;
  }

  function show(state, answer) {
    const { moment, listing, selected, hovered } = state;
    if (!moment || !listing) return;
    if (words !== state.words) label((words = state.words), view);
    const { segment } = locate(listing, moment.t);
    if (segment !== structure) build(listing, segment);
    const fresh = (answer?.found.tensors ?? null) !== given || arrows.name !== state.arrows;
    if (fresh) {
      [given, arrows] = [answer?.found.tensors ?? null, ARROWS[state.arrows]];
      scale = roundScale(largestOf(given?.values() ?? []));
      if (biggest) arrange();
    }
    roll.element.setAttribute("aria-busy", String(answer?.t !== moment.t));
    const mark = placeOf(parts, selected);
    const elsewhere = mark !== chosen && mark !== null && mark !== active;
    chosen = mark;
    const due = given && parts.some((part) => !dataOf(part)) ? moment.t : "";
    const look = [words["language.code"], mark, placeOf(parts, hovered), due].join();
    if (fresh || look !== painted) {
      painted = look;
      tell(state);
      paint();
    }
    if (elsewhere) go(mark);
  }

  function choose(place) {
    active = place;
    store.set({ selected: place === chosen ? null : { kind: "parameter", ...markAt(place) } });
    paint();
  }

  const placeUnder = ({ target }) => {
    const row = target.closest(".entry");
    return row ? placeIn(row.position) : null;
  };
  let pointed = null;
  function point(place) {
    if (place !== pointed) light(place);
    pointed = place;
  }
  roll.element.addEventListener("pointermove", (event) => point(placeUnder(event)));
  roll.element.addEventListener("pointerleave", () => point(null));
  roll.element.addEventListener("click", (event) => {
    const place = placeUnder(event);
    if (place !== null) choose(place);
  });
  moveByKeys(roll.element, {
    position: () => (active === null ? -1 : positionOf(active)),
    first: () => (chosen !== null && positionOf(chosen) >= 0 ? positionOf(chosen) : roll.first()),
    page: () => roll.whole() - 1,
    last: () => length() - 1,
    go: (position) => {
      go(placeIn(position));
      light(active);
    },
    choose: () => choose(active),
    leave: () => light(null),
  });

  const sought = () => view.field.value.trim();
  const seek = () => find(parts, sought(), (layer) => say(words, "layer", { layer }));

  // What is typed takes effect as soon as it is something; that it is nothing is said only when one is done typing.
  view.field.addEventListener("input", () => {
    const found = seek();
    missed = "";
    if (!sought() || found) narrow(found?.end ? found : null);
    tell(store.get());
    paint();
    if (found?.end || !sought()) roll.reveal(0, true);
    else if (found) go(found.place, true);
  });
  view.field.addEventListener("change", () => {
    missed = sought() && !seek() ? sought() : "";
    tell(store.get());
  });
  view.field.addEventListener("keydown", ({ key }) => key === "Enter" && seek() && roll.element.focus());
  view.biggest.setAttribute("aria-pressed", "false");
  view.biggest.addEventListener("click", () => {
    biggest = !biggest;
    view.biggest.setAttribute("aria-pressed", String(biggest));
    arrange();
    paint();
    roll.reveal(biggest || active === null ? 0 : positionOf(active), true);
  });

  const question = (state) => ({ question: "column", updates: state.arrows === "update" });
  return { watches: ["arrows", "selected", "hovered"], question, show };
}
