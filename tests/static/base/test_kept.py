"""What the browser keeps is changed by several pages in turn, and none takes away what another has kept."""

import re

from tests.helpers.node import answers
from tests.helpers.serving import ROOT

STORAGE = """
const items = new Map();
let full = false;
const storage = {
  getItem: (name) => items.get(name) ?? null,
  setItem(name, text) { if (full) throw new Error("full"); items.set(name, text); },
};
const host = { open: () => storage };
const none = { open() { throw new Error("none"); } };
"""

VALUE = (
    """
import { keptIn } from "./base/kept.js";
"""
    + STORAGE
    + """
const read = (text) => JSON.parse(text ?? "{}");
const add = (kept, name) => kept.set({ ...kept.get(), [name]: true });
const answer = () => {
  const [one, other] = [keptIn(host, "n", read), keptIn(host, "n", read)];
  add(one, "a");
  add(other, "b");
  add(one, "c");
  full = true;
  add(one, "d");
  const found = [one.get(), other.get()];
  full = false;
  add(one, "e");
  found.push(other.get());
  const alone = keptIn(none, "n", read);
  add(alone, "a");
  add(alone, "b");
  items.set("n", JSON.stringify({ others: true }));
  return [...found, alone.get()].map((each) => Object.keys(each).join("")).concat(one.get());
};
"""
)

PRACTICE = (
    """
import { createKept } from "./practice/kept.js";
import { createProgress } from "./lessons/progress.js";
"""
    + STORAGE
    + """
const answer = () => {
  const [one, other] = [createKept(host), createKept(host)];
  const begun = { answers: [null], step: 0 };
  one.set({ begun: { ...one.get().begun, before: begun } });
  other.set({ source: "others" });
  other.set({ begun: { ...other.get().begun, after: begun } });
  one.hold({ before: ["item"], after: ["item", "item"] });
  const progress = [createProgress(host), createProgress(host)];
  progress[0].come({ name: "tour", step: 4 });
  progress[1].answer("tour.4", { kind: "k", concept: "c", right: true, scene: "#" });
  full = true;
  progress[1].come({ name: "tour", step: 5 });
  return [
    other.get().source, Object.keys(other.get().begun), Object.keys(one.get().begun),
    progress.map((each) => [each.placeIn("tour"), each.score().right]),
  ];
};
"""
)


def test_pages_change_a_value_in_turn_and_what_is_not_taken_lasts_as_long_as_the_page():
    assert answers(VALUE, [None]) == [["abcd", "abc", "abcde", "ab", {"others": True}]]


def test_neither_tests_nor_answers_nor_places_are_lost_to_another_page():
    begun = [["before", "after"], ["before"]]  # a test of other items is left out
    assert answers(PRACTICE, [None]) == [["others", *begun, [[4, 1], [5, 1]]]]


def test_all_that_is_kept_is_a_value_in_common_or_has_a_key_of_its_own():
    writes = re.compile(r"(?<!sessionStorage)\.setItem\(")  # that of a session belongs to one page
    scripts = [each for each in (ROOT / "static").rglob("*.js") if writes.search(each.read_text(encoding="utf-8"))]
    names = {each.relative_to(ROOT / "static").as_posix() for each in scripts}
    assert names == {"base/kept.js", "pad/own.js", "writing/drafts.js", "main.js"}
