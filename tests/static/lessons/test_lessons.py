"""What the page makes of a lesson without drawing: places, numbers, conditions, what is kept, texts of predictions."""

from typing import Any

import pytest

from server.lessons.reader import ACTS, CONTROLS
from tests.helpers.node import WORDS, answers, call

Plain = dict[str, Any]


def test_a_link_holds_a_place_and_gives_it_back():
    assert call("lessons/place.js", "placeOf", [["tour.3"], ["my.own.lesson.12"], [""], ["tour"], ["tour.x"]]) == [
        {"name": "tour", "step": 3},
        {"name": "my.own.lesson", "step": 12},
        None,
        None,
        None,
    ]
    assert call("lessons/place.js", "linkOf", [[{"name": "a.b", "step": 2}]]) == ["a.b.2"]
    codes = [[{"language.code": code}, ["en", "zh"]] for code in ("zh-Hans", "en", "fr")]
    assert call("base/later_words.js", "languageOf", codes) == ["zh", "en", "en"]


def test_the_steps_that_are_read_are_all_or_those_that_ask_and_a_link_leads_to_the_nearest():
    asks: Plain = {"predict": {"kind": "arrow_sign", "seed": 1}}
    steps = [asks, {"predict": None}, asks, {"predict": None}]
    cases = [[steps, False], [steps, True], [steps[1:2], True], [[], True]]
    assert call("lessons/place.js", "readOf", cases) == [[1, 2, 3, 4], [1, 3], [1], []]
    places = [[[1, 3], 1], [[1, 3], 2], [[1, 3], 9], [[1, 2], 0], [[], 4]]
    assert call("lessons/place.js", "nearest", places) == [1, 3, 3, 1, 1]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (-0.2749, "", "−0.275"),
        (0.2749, "+", "+0.275"),
        (0.2749, "+.2f", "+0.27"),
        (-0.2749, "+.2f", "−0.27"),
        (-0.001, ".2f", "0.00"),
        (-0.001, "+.2f", "0.00"),
        (12730.0, "d", "12,730"),
        (0.9651, ".1%", "96.5%"),
        ("NaN", ".2f", "NaN"),
        ("-Infinity", "", "−∞"),
        (None, ".2f", "—"),
    ],
)
def test_a_number_is_written_as_its_format_says(value, form, text):
    assert call("lessons/numbers.js", "written", [[value, form, WORDS]]) == [text]


def test_the_expressions_of_a_step_are_asked_for_once_each():
    number = {"value": "loss", "format": ""}
    step = {
        "body": [
            {"paragraph": [{"text": "a"}, number, {"emphasis": [{"value": "t", "format": "d"}]}]},
            {"list": [[{"lights": [], "words": [{"value": "W1[0,0]", "format": ""}]}], [number]]},
        ],
        "task": [{"value": "epoch()", "format": "d"}],
        "until": [{"true": "t > 3"}, {"drawn": True}],
        "notes": [{"paragraph": [{"value": "layers()", "format": "d"}, number]}],
    }
    expressions = ["loss", "t", "W1[0,0]", "epoch()", "layers()", "t > 3"]
    assert call("lessons/numbers.js", "expressionsOf", [[step]]) == [expressions]
    assert call("lessons/numbers.js", "expressionsOf", [[{"body": [], "task": None, "until": []}]]) == [[]]


def test_punctuation_stays_with_the_formula_before_it():
    formula = {"math": ["mi", "m"]}
    parts = [{"text": "。a"}, formula, {"text": "）。b"}, formula, {"text": " c"}, formula]
    assert call("lessons/prose.js", "withEnds", [[parts]]) == [
        [
            {"text": "。a"},
            {**formula, "end": "）。"},
            {"text": "b"},
            {**formula, "end": ""},
            {"text": " c"},
            {**formula, "end": ""},
        ]
    ]


def state(**changes: Any) -> Plain:
    listing = {"experiment": {"changes": changes.pop("changes", [])}}
    return {"listing": listing, "selected": None, "drawing": None, "playing": False, **changes}


BEGIN = {"changes": 1, "drawing": None}
W2 = {"tensor": "W2", "index": [0, 2]}


@pytest.mark.parametrize(
    ("condition", "met", "unmet"),
    [
        ({"selected": W2}, state(selected=W2), state(selected={"tensor": "W2", "index": [0, 1]})),
        ({"selected": W2}, state(selected={"tensor": "dW2", "index": [0, 2]}), state()),
        ({"selected": {"tensor": "W2"}}, state(selected=W2), state(selected={"tensor": "W1", "index": [0, 2]})),
        (
            {"selected": {"tensor": "a1", "index": [None, 2]}},
            state(selected={"tensor": "a1", "index": [3, 2]}),
            state(),
        ),
        ({"drawn": True}, state(drawing={"label": None}), state()),
        ({"played": True}, state(playing=True), state()),
        ({"changed": True}, state(changes=[{}, {}]), state(changes=[{}])),
        ({"taught": True}, state(changes=[{}, {"drawings": {}}]), state(changes=[{"drawings": {}}])),
    ],
)
def test_a_condition_is_met_by_what_is_done_since_the_step_was_opened(condition, met, unmet):
    cases = [[condition, each, BEGIN, {}] for each in (met, unmet)]
    assert call("lessons/conditions.js", "isMet", cases) == [True, False]


def test_an_expression_is_met_where_it_is_true_and_nothing_else():
    cases = [[{"true": "t > 3"}, state(), BEGIN, {"t > 3": each}] for each in (True, False, None, 1)]
    assert call("lessons/conditions.js", "isMet", cases) == [True, False, False, False]


def test_the_page_knows_every_act_and_every_control_that_a_lesson_may_name():
    found = answers(
        'import { CONTROLS } from "./page/parts.js";\nconst answer = () => Object.keys(CONTROLS);\n', [None]
    )
    assert set(found[0]) == set(CONTROLS)
    assert all(f"lesson.until.{act}" in WORDS for act in (*ACTS, "true", "selected"))
    cases = [[{act: True}, state(changes=[{}]), BEGIN, {}] for act in ACTS]
    assert call("lessons/conditions.js", "isMet", cases) == [False] * len(ACTS)


def test_what_was_kept_is_read_and_what_is_none_of_ours_is_nothing():
    answer = {"kind": "arrow_sign", "concept": "paths_add_up", "right": True, "scene": "#t=1"}
    good = '{"places": {"tour": 3, "x": "y"}, "answers": {"tour.3": %s, "tour.4": {"kind": 1}}}'
    kept = good % str(answer).replace("'", '"').replace("True", "true")
    assert call("lessons/progress.js", "read", [[kept]]) == [{"places": {"tour": 3}, "answers": {"tour.3": answer}}]
    nothing: Plain = {"places": {}, "answers": {}}
    assert call("lessons/progress.js", "read", [[each] for each in (None, "", "[", "null", "[]", "3")]) == [nothing] * 6


def test_the_score_counts_by_concept_and_leads_to_what_came_out_otherwise():
    answer: Plain = {"kind": "k", "scene": "#s"}
    given = {
        "tour.1": {**answer, "concept": "one", "right": True},
        "tour.2": {**answer, "concept": "two", "right": False},
        "tour.3": {**answer, "concept": "one", "right": False},
    }
    (found,) = call("lessons/progress.js", "scoreOf", [[given]])
    assert (found["right"], found["asked"]) == (1, 3)
    assert [(each["concept"], each["right"], each["asked"]) for each in found["concepts"]] == [
        ("one", 1, 2),
        ("two", 0, 1),
    ]
    assert found["concepts"][0]["wrong"] == [{"step": "tour.3", "scene": "#s"}]


STORAGE = """
import { createProgress } from "./lessons/progress.js";
const answer = (full) => {
  const items = new Map();
  const storage = {
    getItem: (name) => items.get(name) ?? null,
    setItem(name, text) {
      if (full) throw new Error("full");
      items.set(name, text);
    },
  };
  const open = () => { if (full === null) throw new Error("none"); return storage; };
  const progress = createProgress({ open });
  progress.come({ name: "tour", step: 4 });
  progress.answer("tour.4", { kind: "k", concept: "c", right: true, scene: "#" });
  return [progress.placeIn("tour"), progress.score().right, items.size];
};
"""


def test_what_is_done_lasts_as_long_as_the_page_where_nothing_can_be_kept():
    assert answers(STORAGE, [False, True, None]) == [[4, 1, 1], [4, 1, 0], [4, 1, 0]]


def test_the_reason_of_a_prediction_stands_in_one_line():
    def term(value: float, tensor: str | None = "a1") -> Plain:
        return {"tensor": tensor, "index": None if tensor is None else [0, 1], "value": value}

    result = term(0.14, "dW2")
    one, other = [term(2), term(3, "delta2")], [term(4)]
    lines = [
        {"rows": [one], "over": 1, "result": result},
        {"rows": [one, other], "over": 4, "result": result},
        {"rows": [[term(1)], other], "over": 1, "result": None},
    ]
    found = call("lessons/prediction_text.js", "partsOf", [[line] for line in lines])
    written = ["".join(part if isinstance(part, str) else f"{part['value']:g}" for part in parts) for parts in found]
    assert written == ["2 · 3 = 0.14", "(2 · 3 + 4) / 4 = 0.14", "1  |  4"]
    parts = {"choices": [{"blanks": {"unit": 0}}, {"blanks": {"unit": 1}}]}
    compared = call("lessons/prediction_text.js", "comparedOf", [[parts, line] for line in lines])
    assert compared == [None, None, ["1.00", "4.00"]]
    fixed = {"choices": [{"word": "falls", "blanks": {}}, {"word": "rises", "blanks": {}}]}
    assert call("lessons/prediction_text.js", "comparedOf", [[fixed, lines[-1]]]) == [None]
    assert call("lessons/prediction_text.js", "nameOf", [[term(1)], [term(1, None)]]) == ["a1[0, 1]", ""]


def test_what_a_script_may_read_of_a_question_has_the_key_only_once_it_is_shown():
    found: Plain = {"kind": "k", "seed": 3, "t": 9, "experiment": {"seed": 1}}
    asked: list[Plain] = [{"found": found, "answer": "up", "revealed": None}, {"listing": {"experiment": {"seed": 2}}}]
    question: Plain = {"kind": "k", "seed": 3, "scene": {"experiment": {"seed": 1}, "t": 9}}
    shown = [{**asked[0], "revealed": {"key": "down"}}, asked[1]]
    own = [{**asked[0], "found": {**found, "experiment": None}}, asked[1]]
    nothing = [{**asked[0], "found": None}, asked[1]]
    assert call("lessons/prediction_text.js", "questionOf", [asked, shown, own, nothing]) == [
        question,
        {**question, "key": "down", "answer": "up"},
        {**question, "scene": {"experiment": {"seed": 2}, "t": 9}},
        None,
    ]
