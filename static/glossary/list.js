// The list of all entries, in groups, with a field that finds them by any of their names; first what the caption speaks of.

import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { symbolOf } from "./card.js";
import { matching } from "./entries.js";

const WAYS = { ArrowDown: 1, ArrowUp: -1 };

/** An entry of the list: a button that opens its card. */
function itemOf(entry) {
  const button = make("button", { type: "button", lang: entry.language }, make("span", { textContent: entry.title }));
  button.dataset.term = entry.name;
  button.append(...symbolOf(entry));
  return make("li", {}, button);
}

/** A group of entries below its heading; nothing where there are none. */
const groupOf = (title, entries) =>
  entries.length ? [make("h3", { textContent: title }), make("ul", {}, ...entries.map(itemOf))] : [];

/** The groups of all entries, or those that are sought in one. */
function groupsOf(words, entries, spoken, sought) {
  if (sought) {
    const found = matching(entries, sought);
    const none = make("p", { className: "quiet", textContent: say(words, "glossary.none") });
    return found.length ? groupOf(say(words, "glossary.found", { count: found.length }), found) : [none];
  }
  const names = [...new Set(entries.map(({ group }) => group))];
  return [
    ...groupOf(say(words, "glossary.spoken"), spoken),
    ...names.flatMap((name) =>
      groupOf(
        say(words, `glossary.group.${name}`),
        entries.filter(({ group }) => group === name),
      ),
    ),
  ];
}

/** The parts of the list; `sought` stands in its field at first, and `open(name)` opens a card. */
export function listOf(words, entries, { spoken, sought, open }) {
  const heading = make("h2", { tabIndex: -1, textContent: say(words, "glossary") });
  const field = make("input", { type: "search", value: sought, ariaLabel: say(words, "glossary.search") });
  field.placeholder = say(words, "glossary.search");
  const groups = make("div", { className: "glossary-groups" });
  const told = make("p", { className: "unseen", role: "status" });
  const fill = () => {
    groups.replaceChildren(...groupsOf(words, entries, spoken, field.value.trim()));
    told.textContent = field.value.trim() ? groups.firstElementChild.textContent : "";
  };
  field.addEventListener("input", fill);
  field.addEventListener("keydown", ({ key }) => {
    const [first] = matching(entries, field.value);
    if (key === "Enter" && field.value.trim() && first) open(first.name);
  });
  const list = make("div", {}, field, told, groups);
  list.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way) return;
    const stops = [field, ...groups.querySelectorAll("button")];
    stops[stops.findIndex((each) => each === event.target) + way]?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  fill();
  return [heading, list];
}
