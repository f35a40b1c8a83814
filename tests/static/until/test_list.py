"""Stop when: the list of conditions as the server takes it, and which of them a refusal is about."""

from typing import Any

import pytest

from engine.until.kinds import CONDITIONS
from tests.helpers.node import WORDS, answers

LIST = """
import { fitting, fresh, having, indexOf, refusedIn } from "./until/list.js";
import { groupsOf, stopsOf, untilOf } from "./transport/stops.js";
const CALLS = { fitting, fresh, having, indexOf, refusedIn, groupsOf, stopsOf, untilOf };
const answer = ([name, ...given]) => CALLS[name](...given);
"""
A, B, C = ({"name": name} for name in ("loss_rises", "dead", "saturated"))


def call(name: str, *given: Any) -> Any:
    (found,) = answers(LIST, [[name, *given]])
    return found


GROUPS: list[tuple[list[dict[str, Any]], list[list[int]]]] = [
    ([], []),
    ([A], [[0]]),
    ([A, B], [[0], [1]]),
    ([A, B | {"and": True}, C], [[0, 1], [2]]),
    ([A | {"and": True}, B], [[0], [1]]),
    ([A, B | {"and": True, "off": True}, C | {"and": True}], [[0, 2]]),
    ([A | {"off": True}, B | {"and": True}, C], [[1], [2]]),
    ([A | {"off": True}], []),
]


@pytest.mark.parametrize(("stops", "groups"), GROUPS)
def test_and_goes_before_or_and_what_is_off_is_left_out(stops, groups):
    assert call("groupsOf", stops) == groups
    bare = [{"name": each["name"]} for each in stops]
    until = [{"any": [{"all": [bare[place] for place in group]} for group in groups]}] if groups else []
    assert call("untilOf", stops) == until
    assert call("stopsOf", {"trouble": None, "stops": stops}) == [{"name": "not_finite"}, *until]
    assert call("stopsOf", {"trouble": {"t": 3}, "stops": stops}) == until


def test_a_refusal_is_about_a_field_of_a_condition():
    stops = [A | {"off": True}, B, C | {"and": True}]
    assert call("refusedIn", stops, "until.1.any.0.all.1.layer") == {"place": 2, "field": "layer"}
    assert call("refusedIn", stops, "until.any.4.all.0.layer") is None
    assert call("refusedIn", stops, "until") is None


def test_a_new_condition_has_what_its_fields_begin_with():
    kind = {
        "name": "dead",
        "unfit": None,
        "fields": [{"name": "layer", "default": 2}, {"name": "times", "default": 20}],
    }
    assert call("fresh", kind) == {"name": "dead", "layer": 2, "times": 20}
    assert call("having", {"name": "dead", "off": True}, "off", False) == {"name": "dead"}
    assert call("having", {"name": "dead"}, "layer", 1) == {"name": "dead", "layer": 1}


def test_another_parameter_has_an_index_of_its_own_axes():
    fields = [
        {"name": "tensor", "kind": "choice"},
        {"name": "index", "kind": "index", "shapes": {"W1": [4, 2], "b1": [4]}},
    ]
    assert call("fitting", {"tensor": "b1", "index": [3, 1]}, fields)["index"] == [3]
    assert call("fitting", {"tensor": "W1", "index": [3]}, fields)["index"] == [3, 0]
    assert call("fitting", {"tensor": "W1", "index": [3, 1]}, fields)["index"] == [3, 1]


@pytest.mark.parametrize(
    ("text", "index"), [("0, 1", [0, 1]), (" 3 ", [3]), ("2，0", [2, 0]), ("", None), ("a", None), ("-1, 0", None)]
)
def test_an_index_is_whole_numbers(text, index):
    assert call("indexOf", text) == index


def test_every_condition_and_every_field_has_its_words():
    for name, kind in CONDITIONS.items():
        assert {f"until.kind.{name}", f"until.kind.{name}.when", f"until.kind.{name}.says"} <= WORDS.keys()
        assert {f"until.field.{field.name}" for field in kind.fields} <= WORDS.keys()
