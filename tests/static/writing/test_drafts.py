"""Drafts that are kept in the browser, and what becomes of a lesson as it is edited."""

from typing import Any

from tests.helpers.node import answers, call

Plain = dict[str, Any]

STORAGE = """
import { createDrafts } from "./writing/drafts.js";
import { emptyLesson } from "./writing/lesson.js";
const storage = (items) => ({
  get length() { return items.size; },
  key: (i) => [...items.keys()][i],
  getItem: (name) => items.get(name) ?? null,
  setItem(name, text) {
    if (items.full) throw new Error("full");
    items.set(name, text);
  },
  removeItem: (name) => items.delete(name),
});
let clock = 0;
const page = (items) =>
  createDrafts({ open: () => { if (!items) throw new Error("none"); return storage(items); } }, () => (clock += 1));
const begun = { name: "", language: "en", saved: false, lesson: emptyLesson("#preset=xor") };
const titled = (draft, title) => ({ ...draft, lesson: { ...draft.lesson, title } });
const titles = (drafts) => drafts.list().map(({ lesson }) => lesson.title);
"""


def test_a_draft_is_kept_with_its_first_edit_and_is_there_on_another_page():
    source = """
    const answer = () => {
      const items = new Map([["backscope.lesson.bad", "{"], ["backscope.lesson.odd", '{"id": "odd"}'], ["x", "y"]]);
      const drafts = page(items);
      const [one, two] = [drafts.begin(begun), drafts.begin(begun)];
      const before = [drafts.list().length, drafts.get(one) !== null];
      const kept = ["One", "Two"].map((title, i) => drafts.keep(titled(drafts.get([one, two][i]), title)).kept);
      return { before, kept, other: titles(page(items)), odd: page(items).get("odd"), differ: one !== two };
    };
    """
    (found,) = answers(STORAGE + source, [None])
    assert found == {"before": [0, True], "kept": [True, True], "other": ["Two", "One"], "odd": None, "differ": True}


def test_what_the_storage_does_not_take_lasts_as_long_as_the_page():
    source = """
    const answer = (there) => {
      const items = there ? new Map() : null;
      const drafts = page(items);
      let draft = drafts.get(drafts.begin(begun));
      const edit = (title) => {
        const done = drafts.keep(titled(draft, title));
        draft = done.draft;
        return done.kept;
      };
      const kept = [edit("a")];
      if (items) items.full = true;
      kept.push(edit("b"), edit("c"));
      return [kept, titles(drafts)];
    };
    """
    assert answers(STORAGE + source, [True, False]) == [[[True, False, False], ["c"]], [[False] * 3, ["c"]]]


def test_two_pages_that_write_one_draft_keep_both():
    source = """
    const answer = () => {
      const items = new Map();
      const [one, other] = [page(items), page(items)];
      const mine = one.keep(titled(one.get(one.begin(begun)), "begun")).draft;
      const yours = other.keep(titled(other.get(mine.id), "yours")).draft;
      const again = one.keep(titled(mine, "mine")).draft;
      one.keep(titled(again, "mine still"));
      return [yours.id === mine.id, again.id === mine.id, titles(page(items))];
    };
    """
    assert answers(STORAGE + source, [None]) == [[True, False, ["mine still", "yours"]]]


def test_a_draft_that_was_removed_comes_back():
    source = """
    const answer = () => {
      const items = new Map();
      const drafts = page(items);
      const { id } = drafts.keep(titled(drafts.get(drafts.begin(begun)), "a")).draft;
      drafts.remove(id);
      const gone = [drafts.get(id), items.size, drafts.removed().lesson.title];
      drafts.restore();
      return [gone, drafts.get(id).lesson.title, drafts.removed()];
    };
    """
    assert answers(STORAGE + source, [None]) == [[[None, 0, "a"], "a", None]]


def block(*fields: str) -> Plain:
    """A block of fields with these lines."""
    made = [{"name": text.rsplit(" =", 1)[0].split("\n")[-1], "value": 0, "text": text} for text in fields]
    return {"fields": made, "rest": "# end"}


def test_a_field_is_edited_in_its_place_and_the_comments_above_it_stay():
    step = {"key": 1, "title": "", "body": "", "raw": "as it was", "block": block("# why\n\nlight = 0", "check = 0")}

    def texts(name: str, *value: Any) -> list[str]:
        (found,) = call("writing/lesson.js", "withValue", [[step, name, *value]])
        assert (found["raw"], found["block"]["rest"]) == (None, "# end")
        return [each["text"] for each in found["block"]["fields"]]

    assert texts("light", ["W1"]) == ['# why\n\nlight = ["W1"]', "check = 0"]
    assert texts("check") == ["# why\n\nlight = 0"]
    assert texts("scene", "#a") == ['scene = "#a"', "# why\n\nlight = 0", "check = 0"]
    assert texts("until", {"drawn": True}) == ["# why\n\nlight = 0", "until = {drawn = true}", "check = 0"]
    assert texts("predict", {"kind": "a"}) == ["# why\n\nlight = 0", "check = 0", 'predict = {kind = "a"}']


def test_what_the_form_cannot_edit_stays_as_it_is_written():
    values = {
        "scene": "#a",
        "light": "W1",
        "until": [1],
        "task": "do",
        "predict": {"kind": "a", "seed": "b"},
        "notes": "n",
    }
    fields = [{"name": name, "value": value, "text": name} for name, value in values.items()]
    step = {"block": {"fields": fields, "rest": ""}}
    found = call("writing/fields.js", "editable", [[step, name] for name in values])
    assert found == ["#a", None, None, "do", None, "n"]
    assert [each["name"] for each in call("writing/fields.js", "others", [[step]])[0]] == [
        "light",
        "until",
        "predict",
    ]


def test_steps_move_within_the_list():
    lesson = {"steps": [{"key": key} for key in (1, 2, 3)]}
    cases = [[lesson, 1, 1], [lesson, 3, -1], [lesson, 1, 9]]
    found = call("writing/lesson.js", "moved", cases)
    assert [[step["key"] for step in each["steps"]] for each in found] == [[2, 1, 3], [3, 1, 2], [2, 3, 1]]


TENSORS = {"W2": [2, 1], "b2": [2], "dW2": [2, 1], "a1": ["example", 1], "z1": ["example", 1], "delta1": ["example", 1]}


def test_what_is_chosen_has_a_name_and_the_numbers_that_go_with_it():
    def state(kind: str, tensor: str, index: list[int]) -> Plain:
        return {"selected": {"kind": kind, "tensor": tensor, "index": index}, "listing": {"tensors": TENSORS}}

    weight, gradient = state("parameter", "W2", [0, 1]), state("parameter", "dW2", [0, 1])
    neuron, none = state("activation", "a1", [2, 0]), {"selected": None, "listing": {"tensors": TENSORS}}
    gone = state("parameter", "W9", [0, 0])
    names = call("writing/chosen.js", "chosenOf", [[each] for each in (weight, gradient, neuron, none, gone)])
    assert names == ["W2[0,1]", "W2[0,1]", "a1[2,0]", None, None]
    always = ["loss", "t", "learning_rate", "parameters()"]
    assert call("writing/chosen.js", "numbersOf", [[each] for each in (weight, neuron, none)]) == [
        ["W2[0,1]", "dW2[0,1]", "uW2[0,1]", *always],
        ["a1[2,0]", "z1[2,0]", "delta1[2,0]", *always],
        always,
    ]
    references = call("writing/chosen.js", "reference", [["W2[0,1]"], ["loss"], ["t"], ["learning_rate"]])
    assert references == ["{W2[0,1]:+.2f}", "{loss:.3f}", "{t:d}", "{learning_rate}"]


def test_a_comparison_holds_as_it_is_now():
    cases: list[list[Any]] = [
        ["W1[0,0]", 0.2],
        ["W1[0,0]", -0.2],
        ["W1[0,0]", 0],
        ["t", 14],
        ["loss", 0.6931],
        ["loss", None],
        ["a1[0,0]", "NaN"],
    ]
    assert call("writing/chosen.js", "comparisonOf", cases) == [
        "W1[0,0] > 0",
        "W1[0,0] < 0",
        "W1[0,0] == 0",
        "t == 14",
        "loss < 0.7",
        None,
        None,
    ]
