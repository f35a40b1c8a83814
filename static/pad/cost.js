// What lessons have cost the others: the share of the held-out digits that is read right, before and now, digit by digit.

import { make } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { costAt } from "./teaching.js";
import { say } from "../base/words.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
const MUCH = 1.3; // times as often as before
const percent = (share) => (100 * share).toFixed(1);
const rightOf = (result, digit) =>
  result?.perClass?.[digit]?.of ? result.perClass[digit].right / result.perClass[digit].of : null;
const calledOf = ({ confusion, classes }, digit) =>
  DIGITS.reduce((total, label) => total + confusion[label * classes + digit], 0);
const whole = (result) => result && result.done >= result.of;

/** The shares as marks: of all, and of each digit. */
export function costMarks(state, colours) {
  const cost = state.listing && state.moment && costAt(state);
  const all = ["before", "now"].flatMap((when) => DIGITS.map((digit) => [when, digit, rightOf(cost?.[when], digit)]));
  return all
    .filter(([, , value]) => value !== null)
    .map(([when, digit, value]) => ({
      kind: "share",
      tensor: `held_out.right.${when}`,
      index: [digit],
      value,
      colour: when === "now" ? colours.accuracy : colours.muted,
      size: value,
    }));
}

function row() {
  const [before, now] = [make("i"), make("i", { className: "now" })];
  const [name, was, is, change] = [make("th"), make("td"), make("td"), make("td")];
  name.scope = "row";
  return {
    element: make("tr", {}, name, make("td", {}, make("span", {}, before, now)), was, is, change),
    before,
    now,
    name,
    was,
    is,
    change,
  };
}

/** The table in `root`. */
export function costTable(root) {
  const [sentence, progress] = [make("p"), make("p", { className: "quiet", role: "status" })];
  const head = ["digit", "share", "before", "now", "change"].map((name) => ({
    name,
    element: make("th", { scope: "col" }),
  }));
  const rows = [...DIGITS.map(row), row()];
  const table = make(
    "table",
    { className: "cost" },
    make("thead", {}, make("tr", {}, ...head.map(({ element }) => element))),
    make("tbody", {}, ...rows.map(({ element }) => element)),
  );
  root.append(sentence, table, progress);

  function fill(each, before, now) {
    each.before.style.width = `${100 * (before ?? 0)}%`;
    each.now.style.width = `${100 * (now ?? 0)}%`;
    each.was.textContent = before === null ? "—" : percent(before);
    each.is.textContent = now === null ? "—" : percent(now);
    const change = before === null || now === null ? null : Number(percent(now)) - Number(percent(before));
    each.change.textContent =
      change === null ? "—" : `${change > 0 ? "+" : change < 0 ? "−" : "±"}${Math.abs(change).toFixed(1)}`;
  }

  /** The digit that it now calls far more than before, if there is one, and how many it calls so. */
  function favourite({ before, now }) {
    const [then, counts] = [before, now].map((result) => DIGITS.map((digit) => calledOf(result, digit)));
    const most = counts.indexOf(Math.max(...counts));
    return counts[most] > MUCH * then[most] ? { digit: most, count: count(counts[most]), of: count(now.of) } : null;
  }

  function says(words, cost) {
    if (!whole(cost?.before) || !whole(cost?.now)) return "";
    const blanks = { before: percent(cost.before.accuracy), now: percent(cost.now.accuracy) };
    const [text, more] = [say(words, "teach.cost", blanks), favourite(cost)];
    return more ? `${text} ${say(words, "teach.cost.calls", more)}` : text;
  }

  return function show(state, taught) {
    const { words, playing } = state;
    const cost = costAt(state);
    const shown = Boolean(taught && !taught.pending && cost?.begin === taught.begin);
    root.hidden = !shown;
    if (!shown) return;
    for (const { name, element } of head) element.textContent = say(words, `teach.cost.${name}`);
    DIGITS.forEach((digit) => {
      rows[digit].name.textContent = String(digit);
      fill(rows[digit], rightOf(cost.before, digit), rightOf(cost.now, digit));
    });
    rows.at(-1).name.textContent = say(words, "teach.cost.all");
    fill(rows.at(-1), cost.before?.accuracy ?? null, cost.now?.accuracy ?? null);
    sentence.textContent = says(words, cost);
    const under = [cost.before, cost.now].find((each) => each && !whole(each));
    progress.textContent = playing
      ? say(words, "teach.cost.rest")
      : under
        ? say(words, "teach.cost.progress", { done: count(under.done), of: count(under.of) })
        : "";
  };
}
