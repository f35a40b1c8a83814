"""What practice makes of answers without drawing: which kind comes next, gains, classes, files, what is kept."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.helpers.node import WORDS, answers, call

Plain = dict[str, Any]


def answered(kind: str, right: bool, concept: str = "c") -> Plain:
    return {"kind": kind, "concept": concept, "right": right, "scene": "#"}


@pytest.mark.parametrize(("right", "wrong", "weight"), [(0, 0, 1 / 2), (3, 0, 1 / 5), (0, 3, 4 / 5), (1, 1, 1 / 2)])
def test_the_weight_is_the_share_of_wrong_answers_with_one_of_each_added(right, wrong, weight):
    given = [answered("k", True)] * right + [answered("k", False)] * wrong
    assert call("practice/choosing.js", "weightOf", [[given]]) == [pytest.approx(weight)]


NEXT = """
import { nextKind } from "./practice/choosing.js";
const answer = ([concepts, given, last, at]) => nextKind(concepts, given, last, () => at);
"""


def test_what_came_out_wrong_more_often_is_asked_more_often_and_never_twice_running():
    concepts = {"easy": ["one"], "hard": ["two", "three"]}
    given = [answered("one", True, "easy")] * 4 + [answered("two", False, "hard")] * 4
    steps = [(i + 0.5) / 600 for i in range(600)]
    found = Counter(answers(NEXT, [[concepts, given, None, at] for at in steps]))
    assert found["one"] == pytest.approx(600 * (1 / 6) / (1 / 6 + 5 / 6), abs=2)
    again = Counter(answers(NEXT, [[concepts, given, "two", at] for at in steps]))
    assert again["two"] == 0 < again["three"]
    assert answers(NEXT, [[{"easy": ["one"]}, [], "one", 0.5], [{}, [], None, 0.5]]) == ["one", None]


def test_only_kinds_that_suit_of_concepts_that_are_chosen_are_offered():
    concepts = {"a": ["one", "two"], "b": ["three"], "c": ["four"]}
    cases: list[Any] = [
        [concepts, None, ["one", "three"]],
        [concepts, ["a", "c"], ["two", "three"]],
        [concepts, [], ["one"]],
    ]
    assert call("practice/choosing.js", "offeredOf", cases) == [{"a": ["one"], "b": ["three"]}, {"a": ["two"]}, {}]


def test_the_gain_is_the_share_of_what_was_wrong_before():
    cases = [[4, 8, 10], [8, 4, 10], [10, 9, 10], [0, 0, 10]]
    assert call("practice/gain.js", "gainOf", cases) == [pytest.approx(4 / 6), -2, None, 0]


def result(test: str, right: int, name: str = "", person: str = "", date: str = "2026-01-01") -> Plain:
    items = [{"kind": f"k{i}", "concept": f"c{i}", "seed": i, "answer": "up", "right": i < right} for i in range(10)]
    return {"test": test, "name": name, "person": person, "date": date, "items": items}


def test_a_class_has_a_row_for_each_person_and_the_means_of_those_who_have_both():
    given = [
        result("before", 2, "Ada", "x"),
        result("after", 8, " ada ", "y", "2026-02-01"),
        result("before", 6, "Ben", "x"),
        result("after", 5, "Ben", "x"),
        result("after", 7, "Ben", "x", "2026-03-01"),  # the latest counts
        result("before", 9, "Eva"),
        result("before", 10, "", "p"),
        result("after", 10, "", "p"),
    ]
    (found,) = call("practice/gain.js", "classOf", [[given]])
    rows = [(row["name"], row["before"], row["after"], row["gain"]) for row in found["rows"]]
    assert rows == [
        ("", 10, 10, None),
        ("ada", 2, 8, 0.75),
        ("Ben", 6, 7, 0.25),
        ("Eva", 9, None, None),
    ]
    assert found["pairs"] == 3
    before, after = (2 + 6 + 10) / 3, (8 + 7 + 10) / 3
    assert found["means"] == pytest.approx({"before": before, "after": after, "gain": (after - before) / (10 - before)})
    assert [each["before"] for each in found["concepts"]] == [3, 3, 2, 2, 2, 2, 1, 1, 1, 1]
    assert [each["after"] for each in found["concepts"]] == [3] * 7 + [2, 1, 1]
    empty = call("practice/gain.js", "classOf", [[[result("before", 3, "Ada")]], [[]]])
    assert [(len(each["rows"]), each["pairs"], each["means"]) for each in empty] == [(1, 0, None), (0, 0, None)]


TESTS = {name: [{k: each[k] for k in ("kind", "concept", "seed")} for each in result(name, 0)["items"]]
         for name in ("before", "after")}  # fmt: skip


def saved(**changes: Any) -> Plain:
    return {"backscope": "test", "format": 1, **result("before", 4, "Ada", "p"), **changes}


@pytest.mark.parametrize(
    ("plain", "wrong"),
    [
        (None, "other"),
        ([], "other"),
        ({"dataset": {}}, "other"),
        ({"backscope": "poem", "format": 1}, "other"),
        (saved(format=2), "format"),
        (saved(test="later"), "test"),
        (saved(test="toString"), "test"),
        (saved(date=3), "test"),
        (saved(name=["x"]), "test"),
        (saved(items=None), "items"),
        (saved(items=result("before", 4)["items"][:9]), "items"),
        (saved(items=result("before", 4)["items"][::-1]), "items"),
        (saved(items=[{**each, "right": "yes"} for each in result("before", 4)["items"]]), "items"),
        (saved(items=[None] * 10), "items"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_by_a_word_of_the_catalogue(plain, wrong):
    assert call("practice/files.js", "readFile", [[plain, TESTS]]) == [{"wrong": f"practice.file.{wrong}"}]
    assert f"practice.file.{wrong}" in WORDS


def test_a_result_and_the_answers_are_read_as_they_were_saved():
    own = result("after", 7, "Ada Lovelace ", "p")
    (file,) = call("practice/files.js", "ofResult", [[own]])
    assert file["name"] == "backscope-after-Ada-Lovelace-2026-01-01.json"
    assert call("practice/files.js", "readFile", [[json.loads(file["text"]), TESTS]]) == [
        {"result": {**own, "name": "Ada Lovelace"}}
    ]
    assert call("practice/files.js", "ofResult", [[result("before", 1, "李 雷")]])[0]["name"] == (
        "backscope-before-李-雷-2026-01-01.json"
    )
    kept = {
        "tour.3": answered("one", True),
        "practice:2026": {**answered("two", False), "seed": 5, "answer": "up", "date": "2026"},
    }
    (file,) = call("practice/files.js", "ofAnswers", [[kept, "2026-02-03T00:00:00Z"]])
    assert file["name"] == "backscope-predictions-2026-02-03.json"
    plain = json.loads(file["text"])
    assert plain["answers"][1] == {"place": "practice:2026", **kept["practice:2026"]}
    assert call("practice/files.js", "readFile", [[plain, TESTS]]) == [{"answers": kept}]
    broken = {**plain, "answers": [None, {"place": 3}, {"place": "x"}, *plain["answers"]]}
    assert call("practice/files.js", "readFile", [[broken, TESTS], [{**plain, "answers": 3}, TESTS]]) == [
        {"answers": kept},
        {"answers": {}},
    ]


def test_what_was_kept_is_read_and_what_is_none_of_ours_is_nothing():
    nothing: Plain = {"source": "here", "concepts": None, "asked": None, "begun": {}, "results": {}, "person": ""}
    texts = [None, "", "[", "null", "3", '{"asked": {"kind": 1}, "begun": [], "results": 3, "source": "x"}']
    assert call("practice/kept.js", "read", [[each] for each in texts]) == [nothing] * len(texts)
    kept = {
        "source": "others",
        "concepts": ["a"],
        "asked": {"kind": "k", "seed": 3, "answer": None},
        "begun": {"after": {"answers": [None] * 10, "step": 3}},
        "results": {"before": result("before", 4)},
        "person": "p",
    }
    assert call("practice/kept.js", "read", [[json.dumps(kept)]]) == [kept]
    of_tests = {"begun": kept["begun"], "results": kept["results"]}
    others = {name: items[:9] for name, items in TESTS.items()}
    assert call("practice/kept.js", "ofTests", [[of_tests, TESTS], [of_tests, others]]) == [
        of_tests,
        {"begun": {}, "results": {}},
    ]


PROGRESS = """
import { besideOf, practised, createProgress } from "./lessons/progress.js";
const answer = (count) => {
  const progress = createProgress({ open: () => { throw new Error("none"); } });
  const of = (i) => ({ kind: "k", concept: "c", right: true, scene: `#${i}` });
  for (let i = 0; i < count; i += 1) progress.answer(practised(new Date(1000 * i)), of(i));
  progress.add({ [practised(new Date(0))]: of("other"), "tour.3": of("tour") });
  const kept = Object.values(progress.answers()).map(({ scene }) => scene);
  const places = Object.keys(progress.answers()).map(besideOf);
  progress.clear();
  return [kept.length, kept.at(-1), kept.includes("#other"), places, Object.keys(progress.answers()).length];
};
"""


def test_answers_are_kept_up_to_a_thousand_and_added_to_without_changing_any():
    few, many = answers(PROGRESS, [2, 1005])
    assert few == [3, "#1", False, [{"practice": "questions"}, {"lesson": "tour.3"}, {"practice": "questions"}], 0]
    assert many[:3] == [1000, "#1004", False]


def test_a_link_may_name_a_test_alone():
    offers = [{"kind": "preset", "name": "xor", "experiment": {"seed": 1}}]
    assert call("scene/fragment.js", "read", [["#test=before", offers], ["#", offers]]) == [
        {"format": 1, "experiment": None, "t": 0, "view": {"practice": "before"}},
        None,
    ]
    assert call("scene/file.js", "kindOf", [[saved()]]) == ["practice"]
